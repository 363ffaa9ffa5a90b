"""Two computers on one: what a page could tell them apart by is different on the second.

Time zone, language, screen, scale, processors, memory, fonts and how they are drawn, a graphics
card: each is changed where the system says it, so that a browser that asked would be told.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<match target="font">
<edit name="hintstyle" mode="assign"><const>hintfull</const></edit>
<edit name="rgba" mode="assign"><const>rgb</const></edit>
<edit name="antialias" mode="assign"><bool>true</bool></edit></match>
<alias binding="same"><family>Arial</family><prefer><family>DejaVu Serif</family></prefer></alias>
<alias binding="same"><family>monospace</family>
<prefer><family>DejaVu Sans</family></prefer></alias>
</fontconfig>
"""
# Answers in the C library's place; 1048576 pages of 4 KiB are 4 GiB.
_MEMORY = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/sysinfo.h>
#include <unistd.h>
long sysconf(int name) {
  static long (*next)(int);
  if (!next) next = (long (*)(int))dlsym(RTLD_NEXT, "sysconf");
  return name == _SC_PHYS_PAGES ? 1048576 : next(name);
}
int sysinfo(struct sysinfo *info) {
  static int (*next)(struct sysinfo *);
  if (!next) next = (int (*)(struct sysinfo *))dlsym(RTLD_NEXT, "sysinfo");
  int status = next(info);
  info->totalram = 4294967296UL / info->mem_unit;
  return status;
}
"""


@contextlib.contextmanager
def other_machine(environ: dict[str, str], folder: Path) -> Iterator[None]:
    """Makes `environ` that of another computer; processors are those that this thread may use."""
    fonts = folder / "other-fonts.conf"
    fonts.write_text(_FONTS.format(cache=folder / "other-fonts"))
    environ |= {
        "TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de",
        "QT_SCALE_FACTOR": "1.5", "FONTCONFIG_FILE": str(fonts),
        "MYCO_TEST_ENGINE_ARGUMENTS": "--ignore-gpu-blocklist",
    }  # fmt: skip
    library = _less_memory(folder)
    if library is not None:
        environ["LD_PRELOAD"] = str(library)
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    try:
        with _other_screen() as display:
            environ["DISPLAY"] = display
            yield
    finally:
        os.sched_setaffinity(0, processors)


def _less_memory(folder: Path) -> Path | None:
    """A library that says 4 GiB; None without a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "memory.c", folder / "memory.so"
    source.write_text(_MEMORY)
    command = [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return library


@contextlib.contextmanager
def _other_screen() -> Iterator[str]:
    """A smaller display."""
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1366x900x24",
               "-nolisten", "tcp", "-noreset"]  # fmt: skip
    server = subprocess.Popen(
        command, pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        assert number, "the second display did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
