"""kelvin inspect: what it says of real programs, and of packages that AWS would refuse."""

import json
import os
import platform
import shutil
import stat
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from kelvin_process import handler, run_kelvin

HERE = "arm64" if platform.machine() == "aarch64" else "x86_64"
OTHER_MACHINE = 62 if HERE == "arm64" else 183  # EM_X86_64, EM_AARCH64


def inspect(*arguments, status=0, **options):
    """The document of the one function, which must end with that status."""
    done = run_kelvin("inspect", *map(str, arguments), "--json", timeout_seconds=60, **options)
    assert done.returncode == status, done
    document = json.loads(done.stdout)
    assert document["version"] == 1
    assert len(document["functions"]) == 1
    found = document["functions"][0]
    assert found["fails"] == (status == 1)
    return found


def ids(found):
    return [each["id"] for each in found["findings"]]


def the(found, wanted):
    return next(each for each in found["findings"] if each["id"] == wanted)


def refused(*arguments):
    done = run_kelvin("inspect", *map(str, arguments), timeout_seconds=20)
    assert done.returncode == 2, done
    assert not done.stdout
    return done.stderr


def write(path, content, mode=0o755):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
    return path


def zipped(path, entries):
    """A zip of {name: (content, mode)}; mode None: as made on Windows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, mode) in entries.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 0 if mode is None else 3
            entry.external_attr = 0 if mode is None else (stat.S_IFREG | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def compiled(folder, source, *options):
    write(folder / "source.cpp", source.encode())
    subprocess.run(["g++", "-o", folder / "bootstrap", folder / "source.cpp", *options], check=True, timeout=120)
    return folder / "bootstrap"


PROGRAM = "#include <stdexcept>\n#include <cstdio>\n" \
    "int main(int count, char**) { if (count > 9) throw std::runtime_error(\"\"); std::puts(\"hello\"); }\n"


def test_static_cpp(cpp, tmp_path):
    found = inspect(cpp)
    elf = found["bootstrap"]["elf"]
    assert (elf["architecture"], elf["bits"], elf["linked"], elf["whole"]) == (HERE, 64, "static", True)
    assert elf["languages"] == ["C++"]
    assert elf["libraries"] == [] and elf["interpreter"] == ""
    assert found["package"] == {
        "kind": "file", "files": 1, "unzipped_bytes": os.path.getsize(cpp), "zip_bytes": 0}
    assert len(elf["symbols"]) == 10
    assert {".text", ".rodata"} <= {each["name"] for each in elf["sections"]}
    sizes = [each["size_bytes"] for each in elf["sections"]]
    assert sizes == sorted(sizes, reverse=True)


def test_go():
    go = handler("go")
    if go is None:
        pytest.skip("no Go handler")
    elf = inspect(go)["bootstrap"]["elf"]
    assert elf["languages"] == ["Go"] and elf["linked"] == "static"


def test_rust():
    rust = handler("rust")
    if rust is None:
        pytest.skip("no Rust handler")
    assert "Rust" in inspect(rust)["bootstrap"]["elf"]["languages"]


def test_dynamic_with_debug_information_then_stripped(tmp_path):
    program = compiled(tmp_path, PROGRAM, "-g")
    found = inspect(program)
    elf = found["bootstrap"]["elf"]
    assert elf["linked"] == "dynamic" and elf["pie"]
    assert {"name": "libstdc++.so.6", "from": "system"} in elf["libraries"]
    assert any(each["version"].startswith("GLIBC_2.") for each in elf["versions"])
    assert elf["debug_bytes"] > 0 and the(found, "debug-information")["severity"] == "costs"
    subprocess.run(["strip", "-g", program], check=True)
    assert "not-stripped" in ids(inspect(program)) and "debug-information" not in ids(inspect(program))
    subprocess.run(["strip", program], check=True)
    assert inspect(program)["findings"] == []


def test_symbol_whose_readable_name_would_fill_the_memory(tmp_path):
    doubled = "".join(f"S_IS{step}_S{step}_E" for step in range(10))
    doubled += "".join(f"S_ISA{step}_SA{step}_E" for step in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    mangled = "_Z1fSt4pairIiiE" + doubled
    source = f'extern "C" int hostile() asm("{mangled}");\nint hostile() {{ return 0; }}\n'
    program = compiled(tmp_path, source + PROGRAM)
    symbols = inspect(program)["bootstrap"]["elf"]["symbols"]
    assert mangled in [each["name"] for each in symbols]


def test_symbols_newer_than_the_system(tmp_path):
    # std::condition_variable::wait is GLIBCXX_3.4.30, __libc_start_main of new programs GLIBC_2.34.
    found = inspect(compiled(tmp_path, PROGRAM), "--runtime", "provided.al2", status=1)
    finding = the(found, "glibc-too-new")
    assert "2.26" in finding["what"] and "GLIBC_2.34" in finding["what"]
    assert finding["where"] == "/var/task/bootstrap"
    assert found["runtime"] == "provided.al2"


def test_library_that_is_missing_then_bundled(tmp_path):
    code = tmp_path / "code"
    (code / "lib").mkdir(parents=True)
    write(tmp_path / "own.cpp", b"int own() { return 0; }\n")
    library = code / "lib" / "libown.so.1"
    subprocess.run(["g++", "-shared", "-fPIC", "-Wl,-soname,libown.so.1", "-o", library, tmp_path / "own.cpp"],
                   check=True, timeout=120)
    program = compiled(code, "int own(); int main() { return own(); }\n", library)
    assert "libown.so.1" in the(inspect(program, status=1), "library-missing")["what"]
    assert {"name": "libown.so.1", "from": "package"} in inspect(code)["bootstrap"]["elf"]["libraries"]
    program_alone = {"bootstrap": (program.read_bytes(), 0o755)}
    package = zipped(tmp_path / "code.zip", program_alone)
    layer = zipped(tmp_path / "layer.zip", {"lib/libown.so.1": (library.read_bytes(), 0o755)})
    assert "library-missing" in ids(inspect(package, status=1))
    assert "library-missing" not in ids(inspect(package, "--layer", layer))
    layer = zipped(tmp_path / "closed.zip", {"lib/libown.so.1": (library.read_bytes(), 0o700)})
    assert the(inspect(package, "--layer", layer, status=1), "not-readable")["where"] == "/opt/lib/libown.so.1"


def test_wrong_architecture(cpp, tmp_path):
    content = bytearray(Path(cpp).read_bytes())
    struct.pack_into("<H", content, 18, OTHER_MACHINE)
    for target in (write(tmp_path / "bootstrap", bytes(content)),
                   zipped(tmp_path / "code.zip", {"bootstrap": (bytes(content), 0o755)})):
        finding = the(inspect(target, status=1), "wrong-architecture")
        assert HERE in finding["what"] and finding["advice"]
    other = "x86_64" if HERE == "arm64" else "arm64"
    assert "wrong-architecture" not in ids(inspect(tmp_path / "bootstrap", "--architecture", other))
    assert "wrong-architecture" in ids(inspect(cpp, "--architecture", other, status=1))


@pytest.mark.parametrize("mode", [0o644, 0o700, 0o600, None])
def test_zip_with_modes_that_do_not_do(tmp_path, mode):
    package = zipped(tmp_path / "code.zip", {"bootstrap": (b"#!/bin/sh\n", mode)})
    finding = the(inspect(package, status=1), "not-executable")
    assert ("no modes" if mode is None else f"{mode:04o}") in finding["what"]


def test_zip_limits(tmp_path):
    large = {"bootstrap": (b"#!/bin/sh\n", 0o755), "zeros": (bytes(251 * 1024 * 1024), 0o644)}
    found = inspect(zipped(tmp_path / "large.zip", large), status=1)
    assert "250 MB" in the(found, "package-too-large")["what"]
    random = {"bootstrap": (b"#!/bin/sh\n", 0o755), "random": (os.urandom(51 * 1024 * 1024), 0o644)}
    found = inspect(zipped(tmp_path / "random.zip", random))
    assert "S3" in the(found, "zip-needs-s3")["advice"]


def test_sparse_file_over_the_limit_is_not_read(tmp_path):
    write(tmp_path / "bootstrap", b"#!/bin/sh\n")
    with open(tmp_path / "data", "wb") as file:
        file.truncate(300 * 1024 * 1024)
    assert ids(inspect(tmp_path, status=1))[0] == "package-too-large"


def test_shell_wrapper_with_its_own_libc(tmp_path, cpp):
    package = {"bootstrap": (b"#!/bin/bash\nexec lib/ld-linux-x86-64.so.2 bin/app\n", 0o755),
               "bin/app": (Path(cpp).read_bytes(), 0o755), "lib/libc.so.6": (b"", 0o755)}
    found = inspect(zipped(tmp_path / "code.zip", package))
    assert {"shell-wrapper", "bundled-libc"} <= set(ids(found))
    assert found["bootstrap"]["script_line"] == "/bin/bash" and found["bootstrap"]["elf"] is None


def test_truncated_files(cpp, tmp_path):
    content = Path(cpp).read_bytes()
    for size in (4, 20, 64, 1000, len(content) // 2, len(content) - 1):
        found = inspect(write(tmp_path / "bootstrap", content[:size]), status=1)
        assert {"damaged-elf", "not-a-program"} & set(ids(found)), size
    package = zipped(tmp_path / "code.zip", {"bootstrap": (content, 0o755)})
    cut = write(tmp_path / "cut.zip", package.read_bytes()[:-30])
    assert ids(inspect(cut, status=1)) == ["damaged-package"]


def test_without_bootstrap(tmp_path):
    write(tmp_path / "code" / "app" / "bootstrap", b"#!/bin/sh\n")
    finding = the(inspect(tmp_path / "code", status=1), "no-bootstrap")
    assert "/var/task/app/bootstrap" in finding["what"]
    write(tmp_path / "data" / "file", b"")
    found = inspect(tmp_path / "data", status=1)
    assert ids(found) == ["no-bootstrap"] and found["bootstrap"] is None


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Good:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: good, Handler: bootstrap, Runtime: provided.al2023, Architectures: [%s]}
  Bad:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: bad, Handler: bootstrap, Runtime: provided.al2, Architectures: [%s]}
  Snake:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: good, Handler: app.handler, Runtime: python3.12}
"""


def test_each_function_of_a_template(tmp_path, cpp):
    other = "x86_64" if HERE == "arm64" else "arm64"
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        shutil.copy(cpp, tmp_path / name / "bootstrap")
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE % (HERE, other))
    done = run_kelvin("inspect", str(template), "--json", timeout_seconds=60)
    assert done.returncode == 1
    document = json.loads(done.stdout)
    good, bad = document["functions"]
    judged = [[each[key] for key in ("name", "runtime", "architecture", "fails")] for each in (good, bad)]
    assert judged == [["Good", "provided.al2023", HERE, False], ["Bad", "provided.al2", other, True]]
    [snake] = document["not_inspected"]
    assert snake["name"] == "Snake" and "python3.12" in snake["reason"]
    # As `kelvin run`: the template of a folder, and of the working folder.
    assert run_kelvin("inspect", str(tmp_path), timeout_seconds=60).returncode == 1
    assert "Bad" in run_kelvin("inspect", cwd=tmp_path, timeout_seconds=60).stdout
    assert run_kelvin("inspect", str(template), "--architecture", HERE, timeout_seconds=60).returncode == 0


def test_what_people_read(cpp, tmp_path):
    target = write(tmp_path / "bootstrap", Path(cpp).read_bytes(), 0o644)
    done = run_kelvin("inspect", str(target), timeout_seconds=60)
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and not done.stderr
    assert lines[0] == f"{target} (file) for provided.al2023, {HERE}"
    assert lines[1].startswith("  fails  not-executable: /var/task/bootstrap: ") and lines[2].startswith("         -> ")
    assert any(line.startswith("  sections   .") for line in lines)


def test_usage(tmp_path):
    assert "does not exist" in refused(tmp_path / "none")
    assert "--runtime python3.12" in refused(tmp_path, "--runtime", "python3.12")
    assert "--architecture mips" in refused(tmp_path, "--architecture", "mips")
    assert "unknown option" in refused(tmp_path, "--jsno")
    assert "unexpected argument" in refused(tmp_path, tmp_path)
    done = run_kelvin("inspect", cwd=tmp_path, timeout_seconds=20)
    assert done.returncode == 2 and "no target" in done.stderr
    (tmp_path / "template.yaml").write_text("Resources: [")
    assert "template.yaml" in refused(tmp_path / "template.yaml")
