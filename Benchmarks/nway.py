#!/usr/bin/env python3
"""X-ray sources against a deep optical catalogue: xmdb beside NWAY and the nearest neighbour, on simulated skies whose counterparts are known.

    VENV/bin/python Benchmarks/nway.py [SEEDS [XMDB [FOLDER]]]          defaults: 5 bin/xmdb /tmp/xmdb-nway

Needs NWAY and pyarrow: python3 -m venv VENV; VENV/bin/pip install nway==4.8.0 pyarrow. NWAY brings numpy and astropy. Files are made in
FOLDER/work, which is removed.

A sky is one square degree with 2,000 X-ray sources of which 80 % have an optical counterpart. Field sources become more numerous with
magnitude as 10^(0.3 m) between 18 and 26; counterparts have 21.5 +- 1.8. X-ray fluxes have nothing to do with anything else. Every method
names at most one counterpart for each X-ray source and ranks these by a score. Printed for each sky, as means over the seeds:

* the share of the counterparts in the longest list that is 90, 95 and 98 % pure; for xmdb also by how much more than the best row of NWAY
  for this purity, seed by seed, with the error of the mean
* purity and completeness of the list with P (or p_any) >= 0.5, or of the nearest neighbours within 3 arcsec
* false identifications at P >= 0.9: expected from the probabilities, and counted
* processor seconds and peak memory of all that runs; for xmdb two ingests, match and query

NWAY runs as its manual says and is told the true area and the true share of counterparts. It learns the magnitudes of counterparts from matches
with p > 0.7 (with the default, 0.9, it ends with an error in the densest sky), or from all within 1.5 arcsec: the settings that served it best
among 0.9, 0.7, 0.5 and 1.5, 2.5, 3.5 arcsec. Its probability of a pair is p_any p_i; p_any alone is the cut of the manual. Elliptical errors are
given as they are (major and minor axis, position angle), and as circles of the same area. "Truth known" is the Bayesian answer from the
densities, errors and magnitudes that made the sky: on the average nothing does better.
"""
import csv
import json
import os
import resource
import shutil
import subprocess
import sys

try:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as parquet
    from astropy.io import fits
    from astropy.table import Table
except ImportError as missing:
    sys.exit(f"{missing}\n{__doc__}")

if sys.argv[1:] and not (sys.argv[1].isdigit() and int(sys.argv[1]) > 0):
    sys.exit(__doc__)
SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
XMDB = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else "bin/xmdb")
FOLDER = os.path.join(os.path.abspath(sys.argv[3] if len(sys.argv) > 3 else "/tmp/xmdb-nway"), "work")
# The program of the environment that runs this one, else of the PATH.
PROGRAM = shutil.which("nway.py", path=os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", ""))
if not PROGRAM:
    sys.exit(f"nway.py: NWAY is not installed\n{__doc__}")
# Name, optical sources in one square degree, least ratio of the axes of an X-ray error.
SKIES = [("ellipses, 60,000 deg^-2", 60_000, 0.5), ("circles, 60,000 deg^-2", 60_000, 1.0), ("ellipses, 200,000 deg^-2", 200_000, 0.5)]
XRAY, SHARE, SIGMA_OPTICAL, RADIUS, NEAR = 2_000, 0.8, 0.1, 20.0, 3.0
BRIGHT, FAINT, SLOPE, MEAN, SPREAD = 18.0, 26.0, 0.3, 21.5, 1.8
# How NWAY finds the magnitudes of counterparts: "Bayesian" and "simple auto-mode".
HISTOGRAMS = [("--mag-auto-minprob", "0.7"), ("--mag-radius", "1.5")]
CENTRE = (150.1, 2.2)
PURITIES = (0.90, 0.95, 0.98)


def sky(seed, optical, ratio):
    """One sky: columns of the X-ray catalogue, of the optical one, and for each X-ray source the row of its counterpart or -1."""
    rng = np.random.default_rng([seed, optical, round(100 * ratio)])
    place = lambda n: rng.uniform(-1800, 1800, (n, 2))
    has = rng.random(XRAY) < SHARE
    matched = int(has.sum())
    true = place(XRAY)
    major = rng.uniform(1, 4, XRAY)
    minor, angle = major * rng.uniform(ratio, 1, XRAY), rng.uniform(0, 180, XRAY)
    along, across = rng.normal(0, major), rng.normal(0, minor)
    sin, cos = np.sin(np.radians(angle)), np.cos(np.radians(angle))
    xray = true + np.column_stack([along * sin + across * cos, along * cos - across * sin])
    field = np.log10(10 ** (SLOPE * BRIGHT) + rng.random(optical - matched) * (10 ** (SLOPE * FAINT) - 10 ** (SLOPE * BRIGHT))) / SLOPE
    own = rng.normal(MEAN, SPREAD, 20 * matched)
    own = own[(own > BRIGHT) & (own < FAINT)][:matched]
    order = rng.permutation(optical)
    positions = np.concatenate([true[has], place(optical - matched)])[order] + rng.normal(0, SIGMA_OPTICAL, (optical, 2))
    truth = np.full(XRAY, -1)
    truth[has] = np.argsort(order)[:matched]
    a = {"major": major, "minor": minor, "pa": angle} if ratio < 1 else {"sigma": major}
    flux = 13 + 2.5 / 1.5 * np.log10(1 - rng.random(XRAY))
    return degrees(xray) | a | {"mag_x": flux}, degrees(positions) | {"mag_r": np.concatenate([own, field])[order]}, truth


def degrees(offsets):
    """The id, right ascension and declination of offsets from the centre in arcsec, east and north: an area-preserving projection."""
    dec = np.degrees(np.arcsin(np.sin(np.radians(CENTRE[1])) + np.radians(offsets[:, 1] / 3600) * np.cos(np.radians(CENTRE[1]))))
    return {"id": np.arange(len(offsets)), "ra": CENTRE[0] + offsets[:, 0] / 3600 / np.cos(np.radians(CENTRE[1])), "dec": dec}


def run(*command):
    """Output, processor seconds and peak MB of a command: those of a process that has no other child."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=FOLDER)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        with os.fdopen(write, "w") as pipe:
            json.dump([done.returncode, done.stdout, done.stderr, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6], pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        status, output, errors, seconds, peak = json.load(pipe)
    os.waitpid(child, 0)
    if status:
        sys.exit(f"nway.py: status {status} of {' '.join(command)}\n{output[-2000:]}{errors[-2000:]}")
    return output, seconds, peak


def xmdb(a, b, fluxes):
    """The best counterpart of each X-ray source, its probability, and the cost."""
    shutil.rmtree(os.path.join(FOLDER, "sky.xmdb"), ignore_errors=True)
    database = ("--db", os.path.join(FOLDER, "sky.xmdb"), "--quiet")
    ellipse = ("sigma_major=major:arcsec", "sigma_minor=minor:arcsec", "sigma_pa=pa:deg")
    roles = {"xray": ellipse if "major" in a else ("sigma=sigma:arcsec",), "optical": (f"sigma={SIGMA_OPTICAL}:arcsec", "mag:r=mag_r")}
    if fluxes:
        roles["xray"] += ("mag:x=mag_x",)
    else:
        a = {name: values for name, values in a.items() if name != "mag_x"}
    for name, columns in (("xray", a), ("optical", b)):
        parquet.write_table(pa.table(columns), os.path.join(FOLDER, name + ".parquet"))
    maps = lambda name: [word for role in ("id=id", "ra=ra:deg", "dec=dec:deg", *roles[name]) for word in ("--map", role)]
    steps = [run(XMDB, "ingest", name + ".parquet", "--as", name, *maps(name), *database) for name in roles]
    steps.append(run(XMDB, "match", "xray", "optical", *database))
    steps.append(run(XMDB, "sql", "--csv", *database, "SELECT a_id, b_id, max(pair_p) FROM xm_pairs('xray', 'optical') GROUP BY a_id"))
    rows = np.array(list(csv.reader(steps[-1][0].splitlines()))[1:], float)
    cost = sum(step[1] for step in steps), max(step[2] for step in steps)
    return rows[:, 0].astype(int), rows[:, 1].astype(int), rows[:, 2], cost


def nway(a, b, circular, histogram):
    """NWAY's best counterpart (match_flag 1) of each X-ray source with p_any p_i, its probability, and with p_any, its manual's cut."""
    shutil.rmtree(os.path.join(FOLDER, "cache"), ignore_errors=True)
    errors = ":sigma" if circular else ":major:minor:pa"
    if circular and "major" in a:
        a = a | {"sigma": np.sqrt(a["major"] * a["minor"])}
    for name, columns in (("XRAY", a), ("OPT", b)):
        columns = {key.upper() if key in ("id", "ra", "dec") else key: values for key, values in columns.items()}
        table = fits.BinTableHDU(Table(columns), name=name)
        table.header["SKYAREA"] = 1.0
        table.writeto(os.path.join(FOLDER, name + ".fits"), overwrite=True)
    _, seconds, peak = run(PROGRAM, "XRAY.fits", errors, "OPT.fits", str(SIGMA_OPTICAL), "--out=out.fits",
                           "--radius", str(RADIUS), "--prior-completeness", str(SHARE), "--mag", "OPT:mag_r", "auto", *histogram)
    out = Table.read(os.path.join(FOLDER, "out.fits"), hdu=1)
    out = out[(out["match_flag"] == 1) & (out["ncat"] == 2)]
    i, j = np.array(out["XRAY_ID"], int), np.array(out["OPT_ID"], int)
    return i, j, np.array(out["p_any"] * out["p_i"], float), np.array(out["p_any"], float), (seconds, peak)


def known(a, b):
    """The best counterpart with all that made the sky known, and the nearest one."""
    order = np.argsort(b["dec"])
    dec = b["dec"][order]
    matched = SHARE * XRAY
    within = SLOPE * np.log(10) / (10 ** (SLOPE * FAINT) - 10 ** (SLOPE * BRIGHT))
    norm = np.sum(np.exp(-0.5 * ((np.arange(BRIGHT, FAINT, 0.001) - MEAN) / SPREAD) ** 2)) * 0.001
    best, nearest = [], []
    for i in range(XRAY):
        rows = order[slice(*np.searchsorted(dec, a["dec"][i] + np.array([-RADIUS, RADIUS]) / 3600))]
        x, y = (b["ra"][rows] - a["ra"][i]) * np.cos(np.radians(a["dec"][i])) * 3600, (b["dec"][rows] - a["dec"][i]) * 3600
        near = np.hypot(x, y) < RADIUS
        rows, x, y = rows[near], x[near], y[near]
        if not len(rows):
            continue
        major, minor, angle = (a["major"][i], a["minor"][i], np.radians(a["pa"][i])) if "major" in a else (a["sigma"][i], a["sigma"][i], 0)
        v, w = major ** 2 + SIGMA_OPTICAL ** 2, minor ** 2 + SIGMA_OPTICAL ** 2
        chi2 = (x * np.sin(angle) + y * np.cos(angle)) ** 2 / v + (x * np.cos(angle) - y * np.sin(angle)) ** 2 / w
        m = b["mag_r"][rows]
        field = (len(dec) - matched) / 3600 ** 2 * within * 10 ** (SLOPE * m)
        odds = SHARE * np.exp(-0.5 * chi2 - 0.5 * ((m - MEAN) / SPREAD) ** 2) / norm / (2 * np.pi * np.sqrt(v * w)) / field
        k, n = np.argmax(odds), np.argmin(np.hypot(x, y))
        best.append((i, rows[k], odds[k] / (1 - SHARE + odds.sum())))
        nearest.append((i, rows[n], -np.hypot(x, y)[n]))
    return [[np.array(column) for column in zip(*kind)] for kind in (best, nearest)]


def judge(truth, i, j, score, cost=(np.nan, np.nan), least=0.5, probability=True):
    """Figures of a list: completeness at each purity, purity and completeness of scores >= `least`, false ones at P >= 0.9 expected and counted,
    cost."""
    order = np.argsort(-score, kind="stable")
    right, named, all_true = (truth[i] == j)[order], np.arange(1, len(i) + 1), np.sum(truth >= 0)
    purity, completeness = np.cumsum(right) / named, np.cumsum(right) / all_true
    found = [completeness[purity >= level][-1] if np.any(purity >= level) else 0.0 for level in PURITIES]
    plain = truth[i[score >= least]] == j[score >= least]
    sure = score >= 0.9
    false = [np.sum(1 - score[sure]), np.sum(truth[i[sure]] != j[sure])] if probability else [np.nan, np.nan]
    return [*found, plain.mean(), plain.sum() / all_true, *false, *cost]


def methods(seed, optical, ratio):
    """The figures of each method on one sky, as of `judge`."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    open(os.path.join(FOLDER, "I_will_check_for_NWAY_updates_myself_thank_you"), "w").close()  # NWAY asks PyPI for a newer version otherwise
    a, b, truth = sky(seed, optical, ratio)
    rows = {}
    for name, fluxes in (("xmdb", True), ("xmdb, without fluxes", False)):
        i, j, p, cost = xmdb(a, b, fluxes)
        rows[name] = judge(truth, i, j, p, cost)
    for circular in (False, True) if ratio < 1 else (True,):
        for histogram in HISTOGRAMS:
            name = f"NWAY, {'circles' if circular else 'ellipses'}, {histogram[0][6:]} {histogram[1]}"
            i, j, p, p_any, cost = nway(a, b, circular, histogram)
            rows[name] = judge(truth, i, j, p, cost)
            if histogram is HISTOGRAMS[0]:
                rows[name + ", p_any"] = judge(truth, i, j, p_any, cost, probability=False)
    best, nearest = known(a, b)
    rows["nearest"] = judge(truth, *nearest, least=-NEAR, probability=False)
    rows["truth known"] = judge(truth, *best)
    return rows


def main():
    count = len(PURITIES)
    levels = " | ".join(f"at purity {level:.2f}" for level in PURITIES)
    print(f"| Sky | Method | {levels} | at 0.5: purity, completeness | P >= 0.9: expected, false | s | MB |")
    print("| --- | --- |" + " --- |" * (count + 4))
    for name, optical, ratio in SKIES:
        runs = [methods(seed, optical, ratio) for seed in range(1, SEEDS + 1)]
        table = {method: np.array([each[method] for each in runs]) for method in runs[0]}
        peers = np.array([rows[:, :count] for method, rows in table.items() if method.startswith("NWAY")])
        leads = table["xmdb"][:, :count] - peers[np.argmax(peers.mean(1), 0), :, np.arange(count)].T
        for method, rows in table.items():
            mean = rows.mean(0)
            found = [f"{value:.4f}" for value in mean[:count]]
            if method == "xmdb" and SEEDS > 1:
                found = [f"{own}, {lead:+.4f} ± {error:.4f}" for own, lead, error in zip(found, leads.mean(0), leads.std(0, ddof=1) / SEEDS ** 0.5)]
            purity, completeness, expected, false, seconds, peak = mean[count:]
            rest = [f"{purity:.3f}, {completeness:.3f}", f"{expected:.1f}, {false:.1f}", f"{seconds:.2f}", f"{peak:.0f}"]
            print(f"| {name} | {method} | {' | '.join(found + rest).replace('nan, nan', '').replace('nan', '')} |", flush=True)
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
