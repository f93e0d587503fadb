"""What the engine spares a writer, measured: counts and ratios within one run, beside two peers.

The verb ``bench`` and ``tests/bench/engine.py`` print what :func:`writer_app.bench.run.measure` finds.
"""
