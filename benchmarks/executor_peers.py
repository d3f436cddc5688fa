"""Other programs' durable jobs a second, each job a step that does nothing; run by a Python that has them installed.

PYTHON benchmarks/executor_peers.py dbos|procrastinate|huey JOBS

prints seconds. procrastinate needs PostgreSQL's own programs; its cluster lives in a temporary folder and ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def dbos(jobs: int, folder: Path) -> float:
    """Workflows of one step, on SQLite."""
    from dbos import DBOS

    DBOS(
        config={
            "name": "benchmark",
            "system_database_url": f"sqlite:///{folder}/dbos.sqlite",
            "run_admin_server": False,
            "log_level": "ERROR",
        }
    )

    @DBOS.step()
    def act(number: int) -> int:
        return number

    @DBOS.workflow()
    def job(number: int) -> int:
        return act(number)

    DBOS.launch()
    job(0)
    began = time.perf_counter()
    for number in range(jobs):
        job(number)
    took = time.perf_counter() - began
    DBOS.destroy()
    return took


def procrastinate(jobs: int, folder: Path) -> float:
    """Jobs of one worker, on PostgreSQL."""
    from procrastinate import App, PsycopgConnector

    async def measured(dsn: str) -> float:
        app = App(connector=PsycopgConnector(conninfo=dsn))

        @app.task(name="act")
        async def act(number: int) -> None: ...

        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            for number in range(jobs):
                await act.defer_async(number=number)
            began = time.perf_counter()
            await app.run_worker_async(wait=False, concurrency=1, install_signal_handlers=False)
            return time.perf_counter() - began

    with postgres(folder) as dsn:
        return asyncio.run(measured(dsn))


def huey(jobs: int, folder: Path) -> float:
    """Tasks taken and done one after the other, on SQLite with every commit synced."""
    from huey import SqliteHuey

    queue = SqliteHuey("benchmark", filename=str(folder / "huey.db"), fsync=True)

    @queue.task()
    def act(number: int) -> int:
        return number

    for number in range(jobs):
        act(number)
    began = time.perf_counter()
    while task := queue.dequeue():
        queue.execute(task)
    return time.perf_counter() - began


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A cluster of its own, and how it is reached."""
    programs = Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())
    as_postgres = []
    if os.geteuid() == 0:
        as_postgres = ["runuser", "-u", "postgres", "--"]  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        folder.chmod(0o700)

    def run(program: str, *arguments: str) -> None:
        command = [*as_postgres, str(programs / program), "-D", f"{folder}/data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run("initdb", "-A", "trust", "-U", "postgres")
    run("pg_ctl", "-w", "-o", f"-k {folder} -c listen_addresses=", "-l", f"{folder}/log", "start")
    try:
        yield f"host={folder} user=postgres dbname=postgres"
    finally:
        run("pg_ctl", "-m", "fast", "stop")


PEERS: dict[str, Callable[[int, Path], float]] = {"dbos": dbos, "procrastinate": procrastinate, "huey": huey}


def main() -> None:
    """Measure one of them."""
    name, jobs = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        print(PEERS[name](jobs, Path(folder)))


if __name__ == "__main__":
    main()
