"""Text read on this machine by neural networks: numpy and onnxruntime are imported here, and nowhere else.

onnx.py is the way in; detector.py finds where text stands, reader.py says what it is, and the rest is geometry.
"""
