// A name for something that is kept in this browser, unlike any other; also where the page is not served over TLS.
export const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');
