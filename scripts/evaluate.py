"""Evaluate the models and write the model card: python3 scripts/evaluate.py"""

import os
import sys

from _setup import MODEL_VENV, MODELLING, become, ensure_venv

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
become(ensure_venv(MODEL_VENV, MODELLING), "-m", "model.evaluate", *sys.argv[1:])
