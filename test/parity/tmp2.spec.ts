import { createResizer } from '/work/main/src/model/qwen2-5-vl/resize.js';
import { it } from 'vitest';
it('bench', () => {
  const src = new Uint8Array(1080*1920*3); for (let i=0;i<src.length;i++) src[i]=(i*7919)>>3;
  for (const p of ['video','image'] as const) {
    const r = createResizer({height:1080,width:1920},{height:336,width:644},p); const out=new Uint8Array(336*644*3);
    const t:number[]=[]; for(let k=0;k<12;k++){const a=performance.now(); r(src,out); t.push(performance.now()-a);} console.log(p,t.map(x=>x.toFixed(1)).join(' '));
  }
});
