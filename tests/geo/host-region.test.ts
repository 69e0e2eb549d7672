import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostRegionOf } from '../../src/geo/host-region.ts';

test.each([
  ['bucket.s3.ap-south-1.amazonaws.com', 'ap-south-1', 'IN'],
  ['s3.eu-central-1.amazonaws.com', 'eu-central-1', 'DE'],
  ['bucket.s3-us-west-2.amazonaws.com', 'us-west-2', 'US'],
  ['bucket.s3-website-eu-west-1.amazonaws.com', 'eu-west-1', 'IE'],
  ['bucket.s3.dualstack.us-east-2.amazonaws.com', 'us-east-2', 'US'],
  // The bucket's name was chosen by somebody: only what stands to its right is Amazon's.
  ['us-east-1.s3.ap-south-1.amazonaws.com', 'ap-south-1', 'IN'],
  ['s3.us-east-1.s3.ap-south-1.amazonaws.com', 'ap-south-1', 'IN'],
  ['abc123.execute-api.ap-south-2.amazonaws.com', 'ap-south-2', 'IN'],
  ['s-1234567890abcdef0.server.transfer.ap-southeast-1.amazonaws.com', 'ap-southeast-1', 'SG'],
  ['transfer.us-east-1.amazonaws.com', 'us-east-1', 'US'],
  ['my-lb-123.us-east-1.elb.amazonaws.com', 'us-east-1', 'US'],
  ['my-nlb-123.elb.eu-west-2.amazonaws.com', 'eu-west-2', 'GB'],
  ['ec2-13-232-1-9.ap-south-1.compute.amazonaws.com', 'ap-south-1', 'IN'],
  ['ec2-3-80-1-9.compute-1.amazonaws.com', 'us-east-1', 'US'],
  ['bucket.s3.cn-north-1.amazonaws.com.cn', 'cn-north-1', 'CN'],
  ['abcdefg.lambda-url.eu-west-1.on.aws', 'eu-west-1', 'IE'],
  ['env.abc.us-west-1.elasticbeanstalk.com', 'us-west-1', 'US'],
  ['vm1.centralindia.cloudapp.azure.com', 'centralindia', 'IN'],
  ['app-a1b2c3d4.southindia-01.azurewebsites.net', 'southindia', 'IN'],
  ['storage.asia-south1.rep.googleapis.com', 'asia-south1', 'IN'],
  ['svc-123456789.us-central1.run.app', 'us-central1', 'US'],
  ['asia-south1-my-project.cloudfunctions.net', 'asia-south1', 'IN'],
  ['objectstorage.ap-mumbai-1.oraclecloud.com', 'ap-mumbai-1', 'IN'],
  ['ns.compat.objectstorage.us-ashburn-1.oraclecloud.com', 'us-ashburn-1', 'US'],
  ['ns.objectstorage.ap-hyderabad-1.oci.oraclecloud.com', 'ap-hyderabad-1', 'IN'],
])('%s is in %s', (host, region, country) => {
  expect(hostRegionOf(host)).toMatchObject({ kind: 'region', region, country });
});

test.each([
  ['d111111abcdef8.cloudfront.net', 'CloudFront'],
  ['bucket.s3-accelerate.amazonaws.com', 'S3 Transfer Acceleration'],
  ['bucket.s3-accelerate.dualstack.amazonaws.com', 'S3 Transfer Acceleration'],
  ['a1234567890abcdef.awsglobalaccelerator.com', 'Global Accelerator'],
  ['contoso-abc.z01.azurefd.net', 'Front Door'],
  ['e1.a.akamaiedge.net', 'Akamai'],
])('%s is an edge of %s', (host, service) => {
  expect(hostRegionOf(host)).toMatchObject({ kind: 'edge', service });
});

test.each([
  'bucket.s3.amazonaws.com',
  'us-east-1.s3.amazonaws.com',
  's3.amazonaws.com',
  'amazonaws.com',
  // Not the provider's zones, however they begin.
  's3.us-east-1.amazonaws.com.evil.example',
  'us-east-1.notamazonaws.com',
  'bucket.s3.xx-new-1.amazonaws.com',
  'account.blob.core.windows.net',
  // One label is the customer's.
  'eastus.azurewebsites.net',
  'us-east-1.elasticbeanstalk.com',
  'us-central1.run.app',
  'svc-abc-uc.a.run.app',
  'storage.googleapis.com',
  'upload.vendor.example',
  'localhost',
  '',
  '.',
])('%s tells nothing', (host) => {
  expect(hostRegionOf(host)).toBeUndefined();
});

test('any name is read, and only names of providers tell anything', () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.string()), (host) => {
      expect(hostRegionOf(`${host}.example`)).toBeUndefined();
      expect(() => hostRegionOf(`${host}.amazonaws.com`)).not.toThrow();
    }),
  );
});
