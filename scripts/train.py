"""Train the models: python3 scripts/train.py [NETWORK …] [--minutes M]"""

import os
import sys

from _setup import MODEL_VENV, TRAINING, become, ensure_venv

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
become(ensure_venv(MODEL_VENV, TRAINING), "-m", "model.train", *sys.argv[1:])
