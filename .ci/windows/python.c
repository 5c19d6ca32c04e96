/* python.exe for the build under Wine: what PC/python.c of CPython does. Never shipped. */
#include <stdio.h>
#include <windows.h>

typedef int (*main_function)(int, wchar_t **);

int wmain(int argc, wchar_t **argv) {
    HMODULE python = LoadLibraryW(L"python311.dll");
    main_function run = python ? (main_function)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (!run) {
        fwprintf(stderr, L"python311.dll cannot be loaded: error %lu\n", GetLastError());
        return 101;
    }
    return run(argc, argv);
}
