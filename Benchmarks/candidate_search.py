"""Sets the search for candidate pairs beside scipy's k-d tree: same data, same machine, one run.

usage: candidate_search.py PROGRAM [SOURCES [REACH_ARCSEC [ROUNDS]]]

Two catalogues uniform on the sky, half of the second with a counterpart in the first (scatter 1 arcsec per axis). All
times are CPU seconds on one core, best of the rounds. Fails unless both find the same number of pairs.
"""

import subprocess
import sys
import tempfile
import time

import numpy as np
from scipy.spatial import cKDTree


def sphere(rng, n):
    return rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n)))


def catalogues(n, seed=20260103):
    rng = np.random.default_rng(seed)
    ra, dec = sphere(rng, n)
    rb, db = sphere(rng, n)
    k = n // 2
    rb[:k] = ra[:k] + rng.normal(0, 1 / 3600, k) / np.cos(np.radians(dec[:k]))
    db[:k] = np.clip(dec[:k] + rng.normal(0, 1 / 3600, k), -90, 90)
    return (ra, dec), (rb % 360, db)


def vectors(ra, dec):
    a, d = np.radians(ra), np.radians(dec)
    return np.stack([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)], axis=1)


def best(rounds, step):
    seconds = []
    for _ in range(rounds):
        begin = time.process_time()
        result = step()
        seconds.append(time.process_time() - begin)
    return min(seconds), result


def scipy_search(a, b, reach, rounds):
    chord = 2 * np.sin(np.radians(reach / 3600) / 2)
    build, trees = best(rounds, lambda: (cKDTree(vectors(*a)), cKDTree(vectors(*b))))
    search, pairs = best(rounds, lambda: trees[0].sparse_distance_matrix(trees[1], chord, output_type="ndarray"))
    query = best(rounds, lambda: trees[0].query_ball_tree(trees[1], chord))[0]
    return build, min(search, query), len(pairs)


def own_search(program, a, b, reach, rounds):
    with tempfile.TemporaryDirectory() as folder:
        for name, sky in (("A", a), ("B", b)):
            np.concatenate(sky).astype("<f8").tofile(f"{folder}/{name}.f64")
        command = [program, f"{folder}/A.f64", f"{folder}/B.f64", str(reach), str(rounds)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {key: float(value) for key, value in (line.split("=") for line in text.split())}


def main(program, n=1_000_000, reach=3.0, rounds=5):
    n, reach, rounds = int(n), float(reach), int(rounds)
    a, b = catalogues(n)
    own = own_search(program, a, b, reach, rounds)
    build, search, pairs = scipy_search(a, b, reach, max(1, rounds // 2))
    core = own["build_seconds"] + own["search_seconds"]
    print(f"{n} x {n} sources, uniform sky, {reach} arcsec, {int(own['pairs'])} pairs (scipy {pairs})")
    print(f"{'':24}{'trees s':>9}{'search s':>10}{'both s':>8}{'sources/s per core':>20}")
    rows = [
        ("xmdb, sorted input", own["build_seconds"], own["search_seconds"], core),
        ("xmdb, with the sort", own["build_seconds"] + own["sort_seconds"], own["search_seconds"],
         core + own["sort_seconds"]),
        ("scipy cKDTree", build, search, build + search),
    ]
    for name, first, second, both in rows:
        print(f"{name:24}{first:9.3f}{second:10.3f}{both:8.3f}{2 * n / both:20,.0f}")
    print(f"ratio to scipy: {(build + search) / core:.1f} (with the sort {(build + search) / (core + own['sort_seconds']):.1f})")
    print(f"nearest neighbour of each source of a: {n / own['nearest_seconds']:,.0f} sources/s per core")
    # scipy compares rounded chords: pairs within rounding of the radius may differ.
    if abs(pairs - own["pairs"]) > 2:
        sys.exit("the two searches disagree")


if __name__ == "__main__":
    main(*sys.argv[1:])
