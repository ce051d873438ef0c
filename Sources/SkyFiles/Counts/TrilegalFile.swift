internal import CatalogStore
internal import Match

/// A file with a list of TRILEGAL.
struct TrilegalFile {
  private let path: String
  private let head: TrilegalHead

  init(_ path: String, _ head: TrilegalHead) { (self.path, self.head) = (path, head) }

  /// A file that cannot be held in memory is none.
  private static let largestBytes: Int64 = 8_000_000_000

  /// Its stars in one band.
  /// - Throws: `CountsError` that names the line; `StoreError`.
  func stars(_ names: [String], _ cancellation: Cancellation) throws -> (stars: GivenStars, band: String) {
    let size = FileSystem.size(path) ?? 0
    guard size <= Self.largestBytes else {
      throw CountsError("is \(size) bytes long; allowed: \(Self.largestBytes); simulate a smaller area")
    }
    let band = try CountsFile.band(names, among: head.bands)
    var text = TrilegalText.Reader(bands: [band])
    try FileSystem.forEachPart(of: path) { part in
      try cancellation.check("match", isResumable: false)
      try text.read(part)
    }
    let list = try text.list()
    guard list.endsNormally else {
      throw CountsError("does not end with '#TRILEGAL normally terminated': it is cut off; fetch it again")
    }
    return (try GivenStars(list, band: band, on: CountsFile.grid), band)
  }
}
