"""Who reads the text of evidence, by the name that the settings give it."""
# ruff: noqa: PLC0415  (the models are loaded where they are used, and nowhere else)

from evidence.text import Recogniser, RecogniserError


def recogniser(name: str) -> Recogniser:
    """One of settings.RECOGNISERS. Raises RecogniserError where there is nothing to read text with."""
    match name:
        case "onnx":
            from evidence.ocr.onnx import OnnxRecogniser

            return OnnxRecogniser.load()
        case "textract":
            from chalicelib.store import clients
            from chalicelib.store.textract import TextractRecogniser

            return TextractRecogniser(clients.textract())
        case _:
            raise RecogniserError("RECOGNISER is none: nobody reads the text of evidence")
