public import CatalogStore

/// Which columns a made-up narrow form has.
public struct SampleLayout {
  public var isCircular = true
  public var hasMotion = false
  public var hasEpoch = false
  public var bands: [String] = []
  public var hasBestBand = false
  /// Densities, parallaxes, errors and signals to noise of the magnitudes.
  public var hasMore = false

  public init(
    isCircular: Bool = true, hasMotion: Bool = false, hasEpoch: Bool = false, bands: [String] = [],
    hasBestBand: Bool = false, hasMore: Bool = false
  ) {
    self.isCircular = isCircular
    self.hasMotion = hasMotion
    self.hasEpoch = hasEpoch
    self.bands = bands
    self.hasBestBand = hasBestBand
    self.hasMore = hasMore
  }

  /// The layout.
  public func layout(_ id: NarrowLayout.IDKind) -> NarrowLayout {
    var columns: [NarrowColumn] = []
    if !isCircular { columns += [NarrowColumn(.varianceY), NarrowColumn(.covarianceXY)] }
    if hasMotion { columns += [.pmRA, .pmDec, .sigmaPMRA, .sigmaPMDec].map { NarrowColumn($0) } }
    if hasEpoch { columns.append(NarrowColumn(.epoch)) }
    columns += bands.map { NarrowColumn(.magnitude(band: $0)) }
    if hasBestBand { columns.append(NarrowColumn(.bestBand, .float32)) }
    if hasMore {
      columns += [NarrowColumn(.density, .float32), NarrowColumn(.parallax)]
      columns += bands.flatMap {
        [NarrowColumn(.magnitudeError(band: $0), .float32), NarrowColumn(.snr(band: $0), .float32)]
      }
    }
    return NarrowLayout(id: id, columns)
  }
}
