"""Writes the decoder of a checkpoint as GGUF, as llama.cpp reads it: Q4_0 or Q8_0, the head always Q8_0, as ours keeps 8 bits there.

  python gguf_of.py CHECKPOINT OUT.gguf q4_0|q8_0        needs: gguf numpy safetensors torch
"""
import json
import pathlib
import sys

import gguf
from safetensors import safe_open

folder, out, kind = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
config = json.loads((folder / "config.json").read_text())
layers = config["num_hidden_layers"]
Type = gguf.GGMLQuantizationType
body = {"q4_0": Type.Q4_0, "q8_0": Type.Q8_0}[kind]

writer = gguf.GGUFWriter(out, "qwen2")
writer.add_block_count(layers)
writer.add_context_length(config["max_position_embeddings"])
writer.add_embedding_length(config["hidden_size"])
writer.add_feed_forward_length(config["intermediate_size"])
writer.add_head_count(config["num_attention_heads"])
writer.add_head_count_kv(config["num_key_value_heads"])
writer.add_rope_freq_base(config["rope_theta"])
writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
# Nothing is written or read as text, but llama.cpp wants words: every byte, as byte-level vocabularies write it, then fillers.
printable = [b for b in range(256) if 0x21 <= b <= 0x7E or (b >= 0xA1 and b != 0xAD)]
others = [b for b in range(256) if b not in printable]
words = [chr(b) for b in printable] + [chr(0x100 + k) for k in range(len(others))]
words += [f"filler{k}" for k in range(len(words), config["vocab_size"])]
writer.add_tokenizer_model("gpt2")
writer.add_tokenizer_pre("qwen2")
writer.add_token_list(words)
writer.add_token_types([gguf.TokenType.NORMAL] * len(words))
writer.add_token_merges(["a b"])
writer.add_eos_token_id(300)
writer.add_bos_token_id(301)

NAMES = {
    "input_layernorm.weight": "attn_norm.weight", "post_attention_layernorm.weight": "ffn_norm.weight",
    "self_attn.q_proj.weight": "attn_q.weight", "self_attn.q_proj.bias": "attn_q.bias",
    "self_attn.k_proj.weight": "attn_k.weight", "self_attn.k_proj.bias": "attn_k.bias",
    "self_attn.v_proj.weight": "attn_v.weight", "self_attn.v_proj.bias": "attn_v.bias",
    "self_attn.o_proj.weight": "attn_output.weight", "mlp.gate_proj.weight": "ffn_gate.weight",
    "mlp.up_proj.weight": "ffn_up.weight", "mlp.down_proj.weight": "ffn_down.weight",
}
names = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}
for layer in range(layers):
    names.update({f"model.layers.{layer}.{ours}": f"blk.{layer}.{theirs}" for ours, theirs in NAMES.items()})

for file in sorted(folder.glob("*.safetensors")):
    with safe_open(file, "pt") as tensors:
        for name in tensors.keys():
            if name not in names:
                continue
            values = tensors.get_tensor(name).float().numpy()
            as_type = Type.F32 if values.ndim == 1 else Type.Q8_0 if name.startswith(("model.embed", "lm_head")) else body
            writer.add_tensor(names[name], gguf.quants.quantize(values, as_type), raw_dtype=as_type)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
