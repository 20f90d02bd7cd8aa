"""The networks: PP-OCRv6 small and their characters, as they lie in the package `rapidocr` (Apache-2.0)."""

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_state
from PIL import Image

from evidence.text import RecogniserError

_DETECTOR = "PP-OCRv6_det_small.onnx"
_READER = "PP-OCRv6_rec_small.onnx"
_CHARACTERS = "character"
"""The name under which the reader's file holds them, one a line."""
_FAILURES = (
    ort_state.EPFail,
    ort_state.Fail,
    ort_state.InvalidArgument,
    ort_state.InvalidGraph,
    ort_state.InvalidProtobuf,
    ort_state.NoModel,
    ort_state.NoSuchFile,
    ort_state.NotImplemented,
    ort_state.RuntimeException,
    MemoryError,
)

type Tensor = NDArray[np.float32]


class Network:
    """One network; loaded on construction. Raises RecogniserError if it can't be."""

    def __init__(self, file: Path) -> None:
        try:
            self._session = ort.InferenceSession(str(file), _options(), providers=["CPUExecutionProvider"])
        except _FAILURES as failure:
            raise RecogniserError(f"{file.name} can't be loaded: {failure}") from failure
        self._input = self._session.get_inputs()[0].name

    @property
    def notes(self) -> dict[str, str]:
        """What its makers wrote into the file."""
        return dict(self._session.get_modelmeta().custom_metadata_map)

    def __call__(self, tensor: Tensor) -> Tensor:
        """The first output for one input. Raises RecogniserError."""
        try:
            answer: Tensor = self._session.run(None, {self._input: tensor}, _giving_back())[0]
        except _FAILURES as failure:
            raise RecogniserError(f"A network failed: {failure}") from failure
        return answer


class Models:
    """The networks in a folder, each loaded when it is first asked for. Asking raises RecogniserError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def detector(self) -> Network:
        return Network(self._folder / _DETECTOR)

    @cached_property
    def reader(self) -> Network:
        return Network(self._folder / _READER)

    @cached_property
    def characters(self) -> tuple[str, ...]:
        """By the reader's class: 0 is the blank between two characters, the last is a space."""
        noted = self.reader.notes.get(_CHARACTERS)
        if not noted:
            raise RecogniserError(f"{_READER} doesn't say which characters it reads")
        return "", *noted.split("\n"), " "


def installed() -> Path:
    """The folder of the models; the code beside it isn't run. Raises RecogniserError if it isn't there."""
    found = find_spec("rapidocr")
    for place in (found.submodule_search_locations if found else None) or ():
        folder = Path(place) / "models"
        if folder.is_dir():
            return folder
    raise RecogniserError("The package rapidocr, which holds the models, isn't installed")


def tensor_of(picture: Image.Image) -> Tensor:
    """1 x 3 x height x width, -1 to 1, blue first: as the networks were trained."""
    pixels = np.asarray(picture, dtype=np.float32)[:, :, ::-1]
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None] / 127.5 - 1, dtype=np.float32)


def _options() -> ort.SessionOptions:
    """One thread, since a Lambda has about one core, and the arena: it is faster, and its peak lower, than malloc."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False  # every picture has another shape
    options.log_severity_level = 3
    return options


def _giving_back() -> ort.RunOptions:
    """The arena is emptied after each run, or each network would keep its largest for good."""
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options
