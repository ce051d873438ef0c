import Glibc
import Indexing

// Usage: CandidateSearch A.f64 B.f64 REACH_ARCSEC [ROUNDS]
// A file holds n right ascensions, then n declinations, degrees, little-endian doubles, in any order.
// Prints the thread's CPU seconds of each step, best of the rounds, and the number of pairs.

/// CPU seconds of this thread so far.
func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func stop(_ message: String) -> Never {
  print("CandidateSearch: \(message)")
  exit(2)
}

/// Reads one file of positions.
func positions(_ path: String) -> (ra: [Double], dec: [Double]) {
  guard let file = fopen(path, "rb") else { stop("\(path) does not open") }
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  let count = ftell(file) / MemoryLayout<Double>.stride / 2
  rewind(file)
  func column() -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = fread(buffer.baseAddress, MemoryLayout<Double>.stride, count, file)
    }
  }
  return (column(), column())
}

/// Along the HEALPix curve, as a catalogue stores them.
func alongCurve(_ sky: (ra: [Double], dec: [Double])) -> (ra: [Double], dec: [Double]) {
  let order = sortedOrder(ofHealpix29: Healpix29.indices(raDegrees: sky.ra, decDegrees: sky.dec))
  return (order.map { sky.ra[$0] }, order.map { sky.dec[$0] })
}

/// The best of `rounds` and the last result.
func best<T>(_ rounds: Int, _ body: () -> T) -> (seconds: Double, result: T) {
  var (seconds, result) = (Double.infinity, nil as T?)
  for _ in 0..<rounds {
    result = nil
    let begin = threadSeconds()
    result = body()
    seconds = min(seconds, threadSeconds() - begin)
  }
  guard let result else { stop("no rounds") }
  return (seconds, result)
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let reach = Double(arguments[3]) else { stop("usage: A.f64 B.f64 REACH_ARCSEC [ROUNDS]") }
let rounds = arguments.count > 4 ? Int(arguments[4]) ?? 5 : 5
let (fileA, fileB) = (positions(arguments[1]), positions(arguments[2]))

let sort = best(rounds) { (alongCurve(fileA), alongCurve(fileB)) }
let (a, b) = sort.result
let build = best(rounds) {
  (
    PositionSet(raDegrees: a.ra, decDegrees: a.dec, reachArcsec: reach),
    PositionSet(raDegrees: b.ra, decDegrees: b.dec, reachArcsec: 0)
  )
}
let search = best(rounds) { PairSearch.pairs(a: build.result.0, b: build.result.1) }
let nearest = best(1) { PairSearch.nearest(of: build.result.0, in: build.result.1) }

print("sources=\(a.ra.count + b.ra.count)")
print("pairs=\(search.result.count)")
print("separation_sum_arcsec=\(search.result.separationArcsec.reduce(0, +))")
print("sort_seconds=\(sort.seconds)")
print("build_seconds=\(build.seconds)")
print("search_seconds=\(search.seconds)")
print("nearest_seconds=\(nearest.seconds)")
