/// A column of the narrow form: what it holds, and in which type it is stored.
public struct NarrowColumn: Sendable, Hashable {
  /// What a column holds. All are numbers; NaN is unknown. x points east, y north.
  public enum Quantity: Sendable, Hashable {
    /// Right ascension, degrees.
    case ra
    /// Declination, degrees.
    case dec
    /// Variance of the position to the east, arcsec²; of circular errors in any direction.
    case varianceX
    /// Variance of the position to the north, arcsec².
    case varianceY
    /// Covariance of east and north, arcsec².
    case covarianceXY
    /// Proper motion in right ascension, cos δ included, mas/yr.
    case pmRA
    /// Proper motion in declination, mas/yr.
    case pmDec
    /// 1-σ error of the motion in right ascension, mas/yr.
    case sigmaPMRA
    /// 1-σ error of the motion in declination, mas/yr.
    case sigmaPMDec
    /// Correlation of the two errors of the motion.
    case correlationPM
    /// Epoch of the position, Julian years.
    case epoch
    /// Magnitude in a band.
    case magnitude(band: String)
    /// Position among the bands of the band to use for a source.
    case bestBand
    /// Density of the catalogue's own sources at the source, deg⁻²: finite and positive. See `PixelDensity`.
    case density
    /// Parallax, mas.
    case parallax
    /// 1-σ error of the magnitude in a band, mag.
    case magnitudeError(band: String)
    /// Signal to noise in a band.
    case snr(band: String)
  }

  /// The type in the file.
  public enum Storage: String, Sendable {
    case float64 = "f64"
    case float32 = "f32"

    /// Bytes of a value.
    var stride: Int { self == .float64 ? 8 : 4 }
  }

  /// What it holds.
  public let quantity: Quantity
  /// How it is stored.
  public let storage: Storage

  /// Makes a column.
  public init(_ quantity: Quantity, _ storage: Storage = .float64) {
    self.quantity = quantity
    self.storage = storage
  }
}

extension NarrowColumn.Quantity {
  static let unbanded: [Self] = [
    .ra, .dec, .varianceX, .varianceY, .covarianceXY, .pmRA, .pmDec, .sigmaPMRA, .sigmaPMDec, .correlationPM, .epoch,
    .bestBand, .density, .parallax,
  ]

  /// The stable name, without the band.
  var name: String {
    switch self {
    case .ra: "ra_deg"
    case .dec: "dec_deg"
    case .varianceX: "variance_x_arcsec2"
    case .varianceY: "variance_y_arcsec2"
    case .covarianceXY: "covariance_xy_arcsec2"
    case .pmRA: "pm_ra_mas_yr"
    case .pmDec: "pm_dec_mas_yr"
    case .sigmaPMRA: "sigma_pm_ra_mas_yr"
    case .sigmaPMDec: "sigma_pm_dec_mas_yr"
    case .correlationPM: "correlation_pm"
    case .epoch: "epoch_yr"
    case .bestBand: "best_band"
    case .density: "density_per_deg2"
    case .parallax: "parallax_mas"
    case .magnitude: "mag"
    case .magnitudeError: "mag_error"
    case .snr: "snr"
    }
  }

  /// The band of a photometric quantity.
  public var band: String? {
    switch self {
    case .magnitude(let band), .magnitudeError(let band), .snr(let band): band
    default: nil
    }
  }

  init?(name: String, band: String?) {
    switch (name, band) {
    case ("mag", let band?): self = .magnitude(band: band)
    case ("mag_error", let band?): self = .magnitudeError(band: band)
    case ("snr", let band?): self = .snr(band: band)
    case (_, nil):
      guard let quantity = Self.unbanded.first(where: { $0.name == name }) else { return nil }
      self = quantity
    default: return nil
    }
  }

  /// Whether a match reads it.
  var isForMatching: Bool {
    switch self {
    case .parallax, .magnitudeError, .snr: false
    default: true
    }
  }
}

extension NarrowColumn: LosslessStringConvertible {
  /// The form kept in the registry: `ra_deg/f64`, `mag.G/f32`. Names of bands are percent-encoded.
  public var description: String {
    let band = quantity.band.map { "." + Self.escaped($0) } ?? ""
    return "\(quantity.name)\(band)/\(storage.rawValue)"
  }

  /// Reads the form kept in the registry.
  public init?(_ description: String) {
    let parts = description.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let storage = Storage(rawValue: String(parts[1])) else { return nil }
    let words = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let band = words.count == 2 ? Self.unescaped(words[1]) : nil
    guard let quantity = Quantity(name: String(words[0]), band: band) else { return nil }
    self.init(quantity, storage)
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

  static func unescaped(_ text: Substring) -> String {
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
