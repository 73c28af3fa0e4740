"""Train the models: python3 scripts/train.py [NETWORK …] [--minutes M], or --history"""

import os
import sys

from _setup import MODEL_VENV, MODELLING, TRAINING, become, ensure_venv

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
if "--history" in sys.argv:
    become(ensure_venv(MODEL_VENV, MODELLING), "-m", "model.history_training", *sys.argv[1:])
become(ensure_venv(MODEL_VENV, TRAINING), "-m", "model.train", *sys.argv[1:])
