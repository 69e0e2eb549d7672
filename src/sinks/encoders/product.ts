/** How alerts name what they come from, in every format that asks for it. */
export const VENDOR = 'phi-egress';
export const PRODUCT = 'phi-egress';
