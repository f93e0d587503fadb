"""How far the expected speed of a model is from the one it has: ``writer_app/engine/speed.py`` against the engine.

    python tests/bench/fit.py [--rounds 2] [--kinds Q8_0 Q4_0 ...]

The installed small models are quantised by llama.cpp to each kind. Right before each file is asked the starter model is
asked as ``writer-app models fit`` does it, and the file is predicted from that alone: so what else the machine does
hits both. One flat JSON: ``error_*`` is predicted over measured, less one, the median of the rounds; rows of these
models are no multiple of 256, so that files called Q4_K_M are mostly Q5_0 (``tests/bench/kernels.py`` measures the kinds
themselves). ``fit_seconds`` is what the first measurement of a machine takes, with loading.
"""

import argparse
import ctypes
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import llama_cpp as native
import msgspec

from writer_app.engine import cores, devices, measuring, models, speed
from writer_app.engine.client import EngineClient
from writer_app.engine.facts import QUANTISATIONS, Facts
from writer_app.engine.inspection import Inspection
from writer_app.engine.loading import Log
from writer_app.engine.measuring import Measured
from writer_app.engine.speed import Pace

KINDS = ("Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K_M", "Q5_K_M", "Q6_K", "F16")
SECONDS = 3.0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--kinds", nargs="+", default=KINDS)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = models.installed(folder, folder)
        starter = models.prepare(models.for_text(small, "en"))
        files = {
            f"{model.path.stem.split('-')[0].lower()}_{kind}": path
            for model in small
            for kind, path in quantised(models.prepare(model), folder, given.kinds).items()
        }
        with Inspection([starter, *files.values()]) as inspection:
            facts = {key: inspection.facts(path) for key, path in files.items()}
            known = inspection.facts(starter)
        print(json.dumps(compared(starter, known, files, facts, given.rounds)))


def compared(
    starter: Path, known: Facts, files: dict[str, Path], facts: dict[str, Facts], rounds: int
) -> dict[str, float]:
    """Predicted and measured for each file."""
    began = time.monotonic()
    machine = measured(starter, known)
    figures = {"fit_seconds": time.monotonic() - began}
    probe = machine.processor
    figures |= {"starter_read_tps": probe.pace.read_tps, "starter_write_tps": probe.pace.write_tps}
    figures["bandwidth_gb_s"] = probe.bandwidth / 1e9
    errors: dict[str, list[float]] = {}
    real: dict[str, list[float]] = {}
    for _ in range(rounds):
        for key, path in files.items():
            beside = msgspec.structs.replace(probe, pace=pace(starter))
            told = facts[key]
            said = speed.predicted(told.work, told.shape, beside, measuring.CONTEXT)
            seen = pace(path)
            for what in ("read", "write"):
                expected, had = getattr(said, f"{what}_tps"), getattr(seen, f"{what}_tps")
                errors.setdefault(f"{what}_{key}", []).append(expected / had - 1)
                real.setdefault(f"{what}_{key}", []).append(had)
    for key, each in errors.items():
        figures[f"tps_{key}"] = max(real[key])
        figures[f"error_{key}"] = statistics.median(each)
    for what in ("read", "write"):
        sizes = [abs(figures[f"error_{what}_{key}"]) for key in files]
        figures[f"{what}_error_median"] = statistics.median(sizes)
        figures[f"{what}_error_worst"] = max(sizes)
    return {key: round(value, 3) for key, value in figures.items()}


def pace(path: Path) -> Pace:
    """What a model does, for a few seconds."""
    client = EngineClient("llama")
    try:
        return measuring.pace(client, str(path), SECONDS)[1]
    finally:
        client.close()


def measured(starter: Path, known: Facts) -> Measured:
    """As ``writer-app models fit`` measures it."""
    client = EngineClient("llama")
    try:
        return measuring.measure(client, str(starter), known)
    finally:
        client.close()


def quantised(source: Path, folder: Path, kinds: list[str]) -> dict[str, Path]:
    """A model in each of the kinds."""
    devices.use_processor(())
    log = Log()
    log.capture()
    native.llama_backend_init()
    made = {}
    for number, kind in QUANTISATIONS.items():
        if kind not in kinds:
            continue
        params = native.llama_model_quantize_default_params()
        params.ftype, params.allow_requantize, params.nthread = number, True, cores.usable()
        path = folder / f"{source.stem} {kind}.gguf"
        if not native.llama_model_quantize(
            os.fsencode(source), os.fsencode(path), ctypes.byref(params)
        ):
            made[kind] = path
    return made


if __name__ == "__main__":
    main()
