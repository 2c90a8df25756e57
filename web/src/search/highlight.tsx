// A text in which what was looked for is marked; whatever else it holds is text, never markup.

export function Highlight({ html }: { readonly html: string }) {
  return html.split(/(<mark>.*?<\/mark>)/).map((part, index) => {
    const marked = /^<mark>(.*)<\/mark>$/.exec(part)?.[1];
    return marked === undefined ? <span key={index}>{plain(part)}</span> : <mark key={index}>{plain(marked)}</mark>;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'" };

const plain = (text: string): string => text.replace(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
