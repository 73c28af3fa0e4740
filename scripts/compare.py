"""Read other people's own photos with a general OCR, for the model card: scripts/compare.py"""

from _setup import COMPARISON, COMPARISON_VENV, PROJECT, become, ensure_venv

PHOTOS = PROJECT.parent / "shared" / "data" / "photos" / "own"
become(
    ensure_venv(COMPARISON_VENV, COMPARISON), str(PROJECT / "model" / "general_ocr.py"), str(PHOTOS)
)
