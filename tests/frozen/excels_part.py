"""Plays Excel's part in the Windows Python: xlwings' DLL starts ratable.exe, and its functions are called through COM.

usage: excels_part.py DLL COMMAND CALLS. CALLS is a file of JSON, a list of [method, [arguments]]; "BOOK" stands for the
text that the first call answered. The answers are printed as JSON. It needs the standard library and pywin32 alone.
"""

import ctypes
import json
import struct
import sys
import time
from pathlib import Path

import pythoncom
import win32com.client
import win32com.server.util

MODULE = "addin.excel.udf_server"
START, END = 1, -1
DISPATCH, TEXT = 9, 8  # kinds of a VARIANT

bridge_path, command, calls_path = sys.argv[1:4]


def given(value):
    if isinstance(value, list):
        return tuple(map(given, value))
    return value


def told(answer):
    if isinstance(answer, tuple):
        return list(map(told, answer))
    return answer


pythoncom.CoInitialize()
activate = ctypes.WinDLL(bridge_path).XLPyDLLActivateAuto
activate.argtypes, activate.restype = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int], ctypes.c_long
variant = ctypes.create_string_buffer(24)
before = time.perf_counter()
failed = activate(variant, command.encode("mbcs"), START)
kind, pointer = struct.unpack_from("<H6xQ", variant, 0)
if failed or kind != DISPATCH:
    print(json.dumps({"failed": ctypes.wstring_at(pointer) if kind == TEXT else hex(failed & 0xFFFFFFFF)}), flush=True)
    sys.exit(1)
started = time.perf_counter() - before
program = win32com.client.dynamic.Dispatch(pythoncom.ObjectFromAddress(pointer, pythoncom.IID_IDispatch))

answers, book = [], None
for method, arguments in json.loads(Path(calls_path).read_text("utf-8")):
    values = given(arguments)
    if method == "ask":  # the text of the book is what the first call answered
        values = (values[0], tuple(book if each == "BOOK" else each for each in values[1]), *values[2:])
    answer = program.CallUDF(MODULE, method, values)
    if method == "read" and book is None:
        book = answer[0][0] if isinstance(answer, tuple) else answer
    answers.append(told(answer))

before, turns = time.perf_counter(), 200
for _ in range(turns):
    program.CallUDF(MODULE, "ask", ("DEFERRED_BALANCE", ("C-1002", 46112.0, None, book), False))
each = (time.perf_counter() - before) / turns
del program
ended = activate(variant, command.encode("mbcs"), END)
print(json.dumps({"answers": answers, "started": started, "each": each, "ended": ended}), flush=True)
sys.stdout.flush()
ctypes.windll.kernel32.ExitProcess(0)  # Python's own end waits for objects of a server that is gone
