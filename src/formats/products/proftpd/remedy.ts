import type { BlindSpot } from '../../format.ts';

/**
 * The LogFormat that we recommend. Of its values only the path is free text, and it stands last, so that no name of a
 * file can be mistaken for anything else; times carry their offset.
 */
export const RECOMMENDED_LOGFORMAT =
  '%{%Y-%m-%dT%H:%M:%S%z}t %a %P %{protocol} %m %s %b %T %{transfer-status} %u \\"%f\\"';

/** `<Global>`, because a VirtualHost (mod_sftp needs one beside FTP) does not inherit an ExtendedLog. */
export const PROFTPD_REMEDY: NonNullable<BlindSpot['remedy']> = {
  file: '/etc/proftpd/proftpd.conf',
  line: `LogFormat phi_egress "${RECOMMENDED_LOGFORMAT}"
<Global>
  ExtendedLog /var/log/proftpd/phi_egress.log AUTH,READ,WRITE phi_egress
</Global>`,
};
