internal import CatalogStore
internal import Formats
internal import Glibc
internal import Match

/// The maps of Schlegel, Finkbeiner & Davis (1998, ApJ 500, 525): E(B−V) of the dust in two polar projections of 4096 × 4096 pixels,
///
///     x = S √(1 − n sin b) cos l + x₀,   y = −n S √(1 − n sin b) sin l + y₀,   n = 1 north, −1 south, S = 2048 pixels,
///
/// between pixels bilinear. A_V = 2.742 E(B−V), as Schlafly & Finkbeiner (2011, ApJ 737, 103) have found for R_V = 3.1.
struct DustMaps {
  private let north: FITSImage
  private let south: FITSImage

  private static let names = (north: "SFD_dust_4096_ngp.fits", south: "SFD_dust_4096_sgp.fits")
  /// A_V over E(B−V) of these maps.
  static let ratio = 2.742
  private static let side = 4096
  private static let scale = 2048.0

  /// Whether a folder holds them.
  static func areIn(_ folder: String) -> Bool {
    FileSystem.exists(folder + "/" + names.north) && FileSystem.exists(folder + "/" + names.south)
  }

  /// - Throws: `CountsError` for images of another size; `FormatError`.
  init(_ folder: String) throws {
    (north, south) = (
      try FITSImage(folder + "/" + Self.names.north, most: Self.side * Self.side),
      try FITSImage(folder + "/" + Self.names.south, most: Self.side * Self.side)
    )
    for (image, name) in [(north, Self.names.north), (south, Self.names.south)] {
      guard image.width == Self.side, image.height == Self.side else {
        throw CountsError("holds \(name) of \(image.width) by \(image.height) pixels; those of SFD98 have 4096 by 4096")
      }
    }
  }

  /// A_V to infinity, mag.
  func extinctionAV(_ direction: GalacticDirection) throws -> Double {
    let (l, b) = (direction.longitudeDegrees * .pi / 180, direction.latitudeDegrees * .pi / 180)
    let pole = b >= 0 ? 1.0 : -1.0
    let radius = Self.scale * max(0, 1 - pole * sin(b)).squareRoot()
    let middle = Double(Self.side - 1) / 2
    return Self.ratio
      * (b >= 0 ? north : south).bilinear(x: middle + radius * cos(l), y: middle - pole * radius * sin(l))
  }
}
