/** Why packed data cannot be unpacked: it ends too early, or it is not what it should be. */
export class ArchiveDamage extends Error {
  override readonly name = 'ArchiveDamage';
  /** It stops in the middle: it may still be being written. */
  readonly cutShort: boolean;

  constructor(cutShort: boolean, options?: ErrorOptions) {
    super(cutShort ? 'The packed data is cut short' : 'The packed data is damaged', options);
    this.cutShort = cutShort;
  }
}
