"""The weights of a base of which only a GGUF file is here, as a folder in transformers' form, so that an adapter can be merged in.

Reading it needs the training packages, and runs in a process of its own, so that its memory is given back.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from adapters.errors import CannotMerge, MissingPackage
from adapters.training.session import ROOT, check_packages

NEEDED = ("torch", "transformers", "gguf")
HOURS = 4  # after which reading a file is given up


def full_weights(file: Path, out: Path, *, python: str = sys.executable) -> Path:
    """Write a GGUF file's weights to a folder, 16 bits a number, with its tokenizer and settings; return the folder.

    Of a quantized file these are the numbers that it is served with. ``python`` is an interpreter that has the training
    packages. Raises CannotMerge, with what to do.
    """
    try:
        check_packages(python, NEEDED)
    except MissingPackage as error:
        raise CannotMerge(
            f"Its base is here as a GGUF file alone, and reading that needs the training packages. {error}"
            " Install them (pip install -r requirements-train.txt), or name a folder with the base's full weights (--base-folder)."
        ) from error
    out.mkdir(parents=True, exist_ok=True)
    offline = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONPATH": str(ROOT)}
    command = [python, "-m", "adapters.publishing.full_weights", str(file), str(out)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | offline, cwd=ROOT, timeout=HOURS * 3600, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["without a word"])[-1][:300]
        raise CannotMerge(
            f"Its base is here as a GGUF file alone, which cannot be read as full weights: {last}."
            " Name a folder with the base's full weights (--base-folder)."
        )
    return out


def _write(file: Path, out: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    named = {"gguf_file": file.name, "local_files_only": True}
    AutoTokenizer.from_pretrained(file.parent, **named).save_pretrained(out)
    model = AutoModelForCausalLM.from_pretrained(file.parent, dtype=torch.float32, **named)
    # The weights are plain numbers now; transformers still takes them for quantized ones.
    model.is_quantized, model.hf_quantizer = False, None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.to(dtype=torch.float16).save_pretrained(out)


if __name__ == "__main__":
    _write(Path(sys.argv[1]), Path(sys.argv[2]))
