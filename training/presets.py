"""The sizes that are trained; every other number of config.json is that of the published layout."""

SMALL = {"hidden": 192, "layers": 5, "heads": 6, "kv_heads": 2, "mlp": 512, "sections": [8, 4, 4], "vision": 128, "vision_layers": 3, "vision_heads": 4, "vision_mlp": 256}  # fmt: skip
LARGE = {"hidden": 320, "layers": 8, "heads": 10, "kv_heads": 2, "mlp": 896, "sections": [8, 4, 4], "vision": 192, "vision_layers": 5, "vision_heads": 6, "vision_mlp": 512}  # fmt: skip
PRESETS = {"small": SMALL, "large": LARGE}
# Four to sixteen tokens a pair of pictures: what the frame sizes of training have.
PIXELS = (3136, 12544)


def config_of(preset, tokenizer):
    p, token = PRESETS[preset], tokenizer.token_to_id
    return {
        "architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl", "attention_dropout": 0.0,
        "bos_token_id": token("<|endoftext|>"), "eos_token_id": token("<|im_end|>"),
        "vision_start_token_id": token("<|vision_start|>"), "vision_end_token_id": token("<|vision_end|>"),
        "vision_token_id": token("<|vision_pad|>"), "image_token_id": token("<|image_pad|>"), "video_token_id": token("<|video_pad|>"),
        "hidden_act": "silu", "hidden_size": p["hidden"], "initializer_range": 0.02, "intermediate_size": p["mlp"],
        "max_position_embeddings": 128000, "max_window_layers": p["layers"], "num_attention_heads": p["heads"],
        "num_hidden_layers": p["layers"], "num_key_value_heads": p["kv_heads"], "rms_norm_eps": 1e-06, "rope_theta": 10000.0,
        "sliding_window": 32768, "tie_word_embeddings": True, "torch_dtype": "bfloat16", "transformers_version": "4.49.0",
        "use_cache": True, "use_sliding_window": False, "rope_scaling": {"type": "mrope", "mrope_section": p["sections"]},
        "vision_config": {
            "depth": p["vision_layers"], "hidden_act": "silu", "hidden_size": p["vision"], "intermediate_size": p["vision_mlp"],
            "num_heads": p["vision_heads"], "in_channels": 3, "in_chans": 3, "out_hidden_size": p["hidden"], "patch_size": 14,
            "spatial_merge_size": 2, "spatial_patch_size": 14, "window_size": 112, "fullatt_block_indexes": [p["vision_layers"] - 1],
            "tokens_per_second": 2, "temporal_patch_size": 2,
        },
        "vocab_size": tokenizer.get_vocab_size(),
    }  # fmt: skip
