/// Which columns the narrow form of a catalogue holds: what the match reads, and nothing else.
///
/// The numeric columns of a row, in order, all Float64, NaN = unknown:
/// `ra_deg, dec_deg, variance_x_arcsec2` [`, variance_y_arcsec2, covariance_xy_arcsec2` unless circular]
/// [`, pm_ra_mas_yr, pm_dec_mas_yr, sigma_pm_ra_mas_yr, sigma_pm_dec_mas_yr`] [`, epoch_yr`] [`, mag_<band>` …] [`, best_band`].
/// x points east, y north; `pm_ra` includes cos δ.
public struct NarrowLayout: Sendable, Equatable {
  /// The storage of identifiers.
  public enum IDKind: String, Sendable {
    /// The catalogue has no identifier; the rank serves.
    case none
    /// 64-bit integers.
    case integer
    /// UTF-8 text.
    case text
  }

  /// How ids are held.
  public var id: IDKind
  /// Position errors are circles: one variance instead of three terms.
  public var isCircular: Bool
  /// Proper motions are present.
  public var hasMotion: Bool
  /// Each row has its own epoch.
  public var hasEpoch: Bool
  /// Names of the magnitude bands, in order.
  public var bands: [String]
  /// Each row names its best band.
  public var hasBestBand: Bool

  /// Makes a layout.
  public init(id: IDKind, isCircular: Bool, hasMotion: Bool, hasEpoch: Bool, bands: [String], hasBestBand: Bool) {
    self.id = id
    self.isCircular = isCircular
    self.hasMotion = hasMotion
    self.hasEpoch = hasEpoch
    self.bands = bands
    self.hasBestBand = hasBestBand
  }

  /// Names of the numeric columns, in order; unique to SQL, which does not tell `g` from `G`.
  public var columnNames: [String] {
    var names = ["ra_deg", "dec_deg", "variance_x_arcsec2"]
    if !isCircular { names += ["variance_y_arcsec2", "covariance_xy_arcsec2"] }
    if hasMotion { names += ["pm_ra_mas_yr", "pm_dec_mas_yr", "sigma_pm_ra_mas_yr", "sigma_pm_dec_mas_yr"] }
    if hasEpoch { names.append("epoch_yr") }
    names += bandColumnNames
    if hasBestBand { names.append("best_band") }
    return names
  }

  private var bandColumnNames: [String] {
    var taken: Set<String> = []
    return bands.map { band in
      var name = "mag_" + band
      var number = 2
      while !taken.insert(name.lowercased()).inserted {
        name = "mag_\(band)_\(number)"
        number += 1
      }
      return name
    }
  }

  /// The position of the first motion column.
  public var motionOffset: Int { isCircular ? 3 : 5 }
  /// The position of the epoch column.
  public var epochOffset: Int { motionOffset + (hasMotion ? 4 : 0) }
  /// The position of the first magnitude.
  public var bandOffset: Int { epochOffset + (hasEpoch ? 1 : 0) }
  /// The position of the best band.
  public var bestBandOffset: Int { bandOffset + bands.count }
  /// The number of numeric columns.
  public var width: Int { bestBandOffset + (hasBestBand ? 1 : 0) }
}

extension NarrowLayout {
  /// The form kept in the registry: `id=integer circular motion epoch best bands=G,BP,RP`. Names of bands are
  /// percent-encoded.
  var text: String {
    var words = ["id=" + id.rawValue]
    if isCircular { words.append("circular") }
    if hasMotion { words.append("motion") }
    if hasEpoch { words.append("epoch") }
    if hasBestBand { words.append("best") }
    if !bands.isEmpty { words.append("bands=" + bands.map(Self.escaped).joined(separator: ",")) }
    return words.joined(separator: " ")
  }

  init?(text: String) {
    let words = text.split(separator: " ")
    func value(_ key: String) -> Substring? { words.first { $0.hasPrefix(key + "=") }?.dropFirst(key.count + 1) }
    guard let id = value("id").flatMap({ IDKind(rawValue: String($0)) }) else { return nil }
    self.init(
      id: id, isCircular: words.contains("circular"), hasMotion: words.contains("motion"),
      hasEpoch: words.contains("epoch"), bands: value("bands")?.split(separator: ",").map(Self.unescaped) ?? [],
      hasBestBand: words.contains("best"))
  }

  /// Letters, digits and a few signs stand for themselves; every other byte of the UTF-8 becomes `%` and two digits.
  private static func escaped(_ band: String) -> String {
    var text = ""
    for byte in band.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }

  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let first = rest.popFirst() {
      if first == UInt8(ascii: "%"), let byte = UInt8(Substring(rest.prefix(2)), radix: 16) {
        bytes.append(byte)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(first)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
