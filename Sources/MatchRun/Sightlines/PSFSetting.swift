internal import CatalogStore

/// How the PSF of a catalogue is set.
public enum PSFSetting: Sendable, Equatable {
  /// That of its band, if that is known; otherwise as its own separations show it.
  case automatic
  /// Its hidden neighbours are not looked at.
  case none
  /// A full width at half maximum, arcsec.
  case fwhm(Double)
  /// That of a band of a survey, such as `wise W1`.
  case band(String)

  /// From `auto`, `none`, a width in arcsec, or the name of a band.
  public init(text: String) {
    switch text {
    case "auto": self = .automatic
    case "none": self = .none
    default: self = Double(text).map { .fwhm($0) } ?? .band(text)
    }
  }

  /// The setting for a catalogue: in place of `auto` what its survey profile stated when it was ingested, if it stated any.
  func resolved(for info: CatalogueInfo) -> PSFSetting {
    guard self == .automatic, let psf = info.psf else { return self }
    return PSFSetting(text: psf)
  }

  /// The setting in that form.
  public var text: String {
    switch self {
    case .automatic: "auto"
    case .none: "none"
    case .fwhm(let width): "\(width)"
    case .band(let name): name
    }
  }
}
