import type { Format, ReaderOptions } from '../format.ts';
import type { WebKey } from './web-keys.ts';
import type { CourseReader } from './web-record.ts';
import { type WebContents, type WebRemedies, webBlindSpots, webTells } from './web-tells.ts';
import { type Strays, type WebTemplate, webTemplateReader } from './web-template.ts';

/** What is the same for every format string of a product. */
export interface WebProduct extends WebRemedies {
  readonly manual: string;
  readonly course: CourseReader;
  readonly strays?: Strays;
}

/** The format of lines that a product prints from one of these format strings. */
export function webTemplateFormat(
  heading: Pick<Format, 'name' | 'product' | 'samples'>,
  templates: readonly WebTemplate[],
  product: WebProduct,
): Format {
  const variants = templates.map(contentsOf);
  return {
    ...heading,
    manual: product.manual,
    tells: webTells(variants),
    blindSpots: webBlindSpots(variants, product),
    reader: (options: ReaderOptions) => webTemplateReader(templates, product.course, options, product.strays),
  };
}

function contentsOf({ fields }: WebTemplate): WebContents {
  const keys = new Set(fields.map(({ tells }) => tells).filter((key): key is WebKey => key !== undefined));
  return { keys, tellsTime: fields.some(({ time }) => time?.gives === 'instant') };
}
