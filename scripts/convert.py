"""Convert a Keras model: python3 scripts/convert.py MODEL [--output FILE] [--input-max 255]"""

import os
import sys

from _setup import MODEL_VENV, MODELLING, become, ensure_venv

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
become(ensure_venv(MODEL_VENV, MODELLING), "-m", "model.convert", *sys.argv[1:])
