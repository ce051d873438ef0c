internal import CatalogStore

/// What the values of two position columns can be, where the file does not give their units: degrees, radians, or hours of
/// right ascension. Counts and extremes only, so any number of rows takes the same memory.
struct PositionReadings: Sendable {
  /// One way to read the two columns.
  struct Reading: Sendable {
    let ra: RoleUnit
    let dec: RoleUnit
    /// Rows whose position is one in these units.
    var rows: Int64 = 0
    /// Of those rows, degrees.
    var raRange = Extremes()
    var decRange = Extremes()
  }

  /// The smallest and the largest of some numbers.
  struct Extremes: Sendable {
    var low = Double.infinity
    var high = -Double.infinity
    var spread: Double { max(0, high - low) }

    mutating func add(_ value: Double) {
      low = min(low, value)
      high = max(high, value)
    }
  }

  let raName: String
  let decName: String
  private let assumedRA: RoleBinding
  private let assumedDec: RoleBinding
  /// The reading that was assumed, and then the others.
  private(set) var readings: [Reading]
  /// Rows with two numbers.
  private(set) var rows: Int64 = 0
  private var raw = (ra: Extremes(), dec: Extremes())

  /// Nil if the file or the user states both units, or there is no position.
  init?(_ roles: RoleAssignment) {
    guard let ra = roles[.ra], let dec = roles[.dec], !(ra.isUnitStated && dec.isUnitStated), !ra.isText, !dec.isText,
      case .column(_, let raName) = ra.source, case .column(_, let decName) = dec.source
    else { return nil }
    (self.raName, self.decName) = (raName, decName)
    (assumedRA, assumedDec) = (ra, dec)
    let pairs: [(RoleUnit, RoleUnit)] = [(.degree, .degree), (.radian, .radian), (.hourAngle, .degree)]
    let others = pairs.map { (ra.isUnitStated ? ra.unit : $0.0, dec.isUnitStated ? dec.unit : $0.1) }
    readings = [Reading(ra: ra.unit, dec: dec.unit)]
    for (ra, dec) in others where !readings.contains(where: { $0.ra == ra && $0.dec == dec }) {
      readings.append(Reading(ra: ra, dec: dec))
    }
  }

  /// Takes the values of one row, as they stand in the file.
  mutating func add(ra: Double, dec: Double) {
    guard ra.isFinite, dec.isFinite else { return }
    rows += 1
    raw.ra.add(ra)
    raw.dec.add(dec)
    for index in readings.indices {
      let (x, y) = (ra * readings[index].ra.degrees, dec * readings[index].dec.degrees)
      // Degrees are written beyond the circle, too; radians and hours are not. A little room for rounding.
      let circle = readings[index].ra == .degree ? -360.0...720.0 : -180.0001...360.0001
      guard circle.contains(x), abs(y) <= 90.0001 else { continue }
      readings[index].rows += 1
      readings[index].raRange.add(x)
      readings[index].decRange.add(y)
    }
  }
}

extension PositionReadings {
  /// Fewer rows do not tell what a sky looks like.
  private static let fewestRows: Int64 = 20
  /// Rows that must be positions before the values are said to be so.
  private static let share = 0.99

  private func fits(_ reading: Reading) -> Bool { Double(reading.rows) >= Self.share * Double(rows) }

  /// Whether all positions are ones, and lie as those of a survey of the sky do: around the whole circle, and either
  /// over 60° of declination or so close to 0 and 360 at both ends that chance does not explain it.
  private func fillsTheSky(_ reading: Reading) -> Bool {
    guard rows >= Self.fewestRows, fits(reading) else { return false }
    let around = reading.raRange.spread / 360
    return (around >= 0.9 && reading.decRange.spread >= 60) || (around >= 0.99 && rows >= 100)
  }

  /// Why the units that were assumed cannot be kept; nil if they can.
  var refusal: String? {
    guard rows > 0, let assumed = readings.first else { return nil }
    let others = readings.dropFirst()
    if 2 * assumed.rows < rows {
      return "the file gives no unit of \(columns), and they cannot be in \(Self.name(assumed)): \(shown)"
    }
    if let mixed = mixedRadians { return mixed }
    guard !fillsTheSky(assumed), let better = others.first(where: fillsTheSky) else { return nil }
    return
      "the file gives no unit of \(columns), and they fit \(Self.name(better)) better than \(Self.name(assumed)): \(shown)"
  }

  /// One column stated to be in radians, and the other one taken for degrees.
  private var mixedRadians: String? {
    guard let assumed = readings.first, assumed.ra != .radian || assumed.dec != .radian else { return nil }
    let isHalf =
      (assumedRA.isUnitStated && assumed.ra == .radian) || (assumedDec.isUnitStated && assumed.dec == .radian)
    guard isHalf, readings.dropFirst().contains(where: { $0.ra == .radian && $0.dec == .radian && fits($0) }) else {
      return nil
    }
    return "the file gives no unit of \(columns), and the other coordinate is in radians: \(shown)"
  }

  /// What to tell when the assumption stands, though nobody stated it; nil if a profile or a name did.
  var warning: String? {
    guard refusal == nil, assumedRA.unitOrigin == .assumed || assumedDec.unitOrigin == .assumed,
      let assumed = readings.first
    else { return nil }
    let others = rows > 0 ? readings.dropFirst().filter(fits).map { Self.name($0) } : []
    let doubt = others.isEmpty ? "" : " (the values could also be \(others.joined(separator: " or ")))"
    return "the file gives no unit of \(columns); \(Self.name(assumed)) are assumed\(doubt); \(options)"
  }

  /// The columns whose units nobody states, with their values.
  private var columns: String {
    let both = [(assumedRA, raName, raw.ra), (assumedDec, decName, raw.dec)]
    return both.filter { !$0.0.isUnitStated }.map { _, name, range in
      rows == 0 ? "'\(name)'" : "'\(name)' (\(text(range)))"
    }.joined(separator: " and ")
  }

  /// All readings, and the options that settle it.
  private var shown: String {
    readings.map { reading in
      guard fits(reading), rows > 0 else { return "as \(Self.name(reading)) no positions" }
      return "as \(Self.name(reading)) ra \(text(reading.raRange)), dec \(text(reading.decRange)) deg"
    }.joined(separator: "; ") + "; \(options)"
  }

  private var options: String {
    let both = [(assumedRA, "ra=\(raName)"), (assumedDec, "dec=\(decName)")]
    let open = both.filter { !$0.0.isUnitStated }.map { "--map \($0.1):UNIT" }
    return "say \(open.joined(separator: " and ")) (deg, rad; hourangle for ra)"
  }

  private func text(_ range: Extremes) -> String { "\(Self.short(range.low)) … \(Self.short(range.high))" }

  /// Four significant digits or so, without an exponent where people write none.
  private static func short(_ value: Double) -> String {
    guard abs(value) < 1e7 else { return "\(value)" }
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? "\(Int64(rounded))" : "\(rounded)"
  }

  private static func name(_ reading: Reading) -> String {
    let words: [RoleUnit: String] = [.degree: "degrees", .radian: "radians", .hourAngle: "hours"]
    let (ra, dec) = (words[reading.ra] ?? "\(reading.ra)", words[reading.dec] ?? "\(reading.dec)")
    return ra == dec ? ra : "\(ra) and \(dec)"
  }
}
