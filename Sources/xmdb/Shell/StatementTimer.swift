import CatalogStore
import Glibc

/// The time that a statement takes.
struct StatementTimer {
  private let start = Program.seconds()
  private let used = Self.used()

  /// Of the process: seconds of its own, and of the system for it.
  private static func used() -> (user: Double, system: Double) {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return (seconds(usage.ru_utime), seconds(usage.ru_stime))
  }

  /// As sqlite3 says it.
  var text: String {
    let now = Self.used()
    let times = [Program.seconds() - start, now.user - used.user, now.system - used.system].map(Self.milliseconds)
    return "Run Time: real \(times[0]) user \(times[1]) sys \(times[2])"
  }

  /// Seconds with three decimal places.
  static func milliseconds(_ seconds: Double) -> String {
    let whole = Int64((max(0, min(seconds, 1e12)) * 1000).rounded())
    let digits = String(whole % 1000)
    return "\(whole / 1000)." + String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
