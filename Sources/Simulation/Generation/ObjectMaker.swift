import Indexing

/// Makes the objects of a cell.
struct ObjectMaker {
  private let model: SkyModel
  private let key: RandomKey
  private let lawOnlyA: MagnitudeLaw
  private let lawOnlyB: MagnitudeLaw
  /// Objects numbered so far.
  private(set) var made: Int64 = 0

  init(model: SkyModel, key: RandomKey) {
    self.model = model
    self.key = key
    lawOnlyA = model.magnitudes.lawOnlyA
    lawOnlyB = model.magnitudes.lawOnlyB
  }

  /// Replaces `objects` by those of a cell.
  mutating func fill(_ objects: inout [SkyObject], of cell: SkyCells.Cell) {
    objects.removeAll(keepingCapacity: true)
    let cellKey = key.with(UInt64(cell.pixel.order)).with(UInt64(cell.pixel.index))
    for kind in ObjectKind.allCases { addSingles(kind, cell, cellKey.with(kind.rawValue), to: &objects) }
    if model.clusters.fraction > 0 { addClusters(cell, cellKey.with(UInt64(ObjectKind.allCases.count)), to: &objects) }
  }

  private mutating func addSingles(
    _ kind: ObjectKind, _ cell: SkyCells.Cell, _ key: RandomKey, to objects: inout [SkyObject]
  ) {
    let mean = model.densities[kind] * (1 - model.clusters.fraction) * cell.area * cell.largestFactor
    var counts = RandomStream(key, .count)
    for index in 0..<counts.poisson(mean) {
      let key = key.with(UInt64(index))
      let place = randomPlace(in: cell, key)
      guard isAccepted(place, cell, key) else { continue }
      add(kind, place, key, to: &objects)
    }
  }

  private mutating func addClusters(_ cell: SkyCells.Cell, _ key: RandomKey, to objects: inout [SkyObject]) {
    let clusters = model.clusters
    let mean = model.densities.total * clusters.fraction / clusters.members * cell.area * cell.largestFactor
    var counts = RandomStream(key, .count)
    for index in 0..<counts.poisson(mean) {
      let key = key.with(UInt64(index))
      let parent = randomPlace(in: cell, key)
      guard isAccepted(parent, cell, key) else { continue }
      var members = RandomStream(key, .count)
      for member in 0..<members.poisson(clusters.members) {
        let key = key.with(UInt64(member))
        add(randomKind(key), place(near: parent, key), key, to: &objects)
      }
    }
  }

  /// A place in a pixel, uniform to 0.4 mas: the centre of one of its order-29 pixels, which are equal in area.
  private func randomPlace(in cell: SkyCells.Cell, _ key: RandomKey) -> SkyPosition {
    var stream = RandomStream(key, .place)
    let range = cell.pixel.range29
    return Healpix29.position(of: range.lowerBound + Int64(stream.below(UInt64(range.count))))
  }

  /// Thins what was made with the largest density of a cell to the density of the place.
  private func isAccepted(_ place: SkyPosition, _ cell: SkyCells.Cell, _ key: RandomKey) -> Bool {
    if model.profile == .uniform { return true }
    var stream = RandomStream(key, .acceptance)
    let factor = model.profile.factor(raDegrees: place.raDegrees, decDegrees: place.decDegrees)
    return stream.uniform() * cell.largestFactor < factor
  }

  private func randomKind(_ key: RandomKey) -> ObjectKind {
    var stream = RandomStream(key, .kind)
    let place = stream.uniform() * model.densities.total
    if place < model.densities.both { return .both }
    return place < model.densities.both + model.densities.onlyA ? .onlyA : .onlyB
  }

  /// A place uniform in the disc of a cluster.
  private func place(near parent: SkyPosition, _ key: RandomKey) -> SkyPosition {
    var stream = RandomStream(key, .place)
    let distance = model.clusters.radiusArcsec * stream.uniform().squareRoot()
    let offset = TangentOffset(distanceArcsec: distance, angle: 2 * .pi * stream.uniform())
    return offset.applied(to: parent)
  }

  private mutating func add(_ kind: ObjectKind, _ place: SkyPosition, _ key: RandomKey, to objects: inout [SkyObject]) {
    guard model.region.contains(raDegrees: place.raDegrees, decDegrees: place.decDegrees) else { return }
    made += 1
    let magnitudes = randomMagnitudes(kind, key)
    objects.append(
      SkyObject(
        number: made, key: key, raDegrees: place.raDegrees, decDegrees: place.decDegrees, magnitudeA: magnitudes.a,
        magnitudeB: magnitudes.b, motion: randomMotion(key)))
  }

  private func randomMagnitudes(_ kind: ObjectKind, _ key: RandomKey) -> (a: Double?, b: Double?) {
    var stream = RandomStream(key, .magnitude)
    switch kind {
    case .onlyA: return (lawOnlyA.quantile(stream.uniform()), nil)
    case .onlyB: return (nil, lawOnlyB.quantile(stream.uniform()))
    case .both:
      let a = model.magnitudes.counterparts.quantile(stream.uniform())
      return (a, model.magnitudes.magnitudeInB(a) - model.magnitudes.colorScatter * stream.normal())
    }
  }

  private func randomMotion(_ key: RandomKey) -> ProperMotion {
    let sigma = model.motionMasPerYear
    if sigma == 0 { return ProperMotion(raMasPerYear: 0, decMasPerYear: 0) }
    var stream = RandomStream(key, .motion)
    let (east, north) = stream.normals()
    return ProperMotion(raMasPerYear: sigma * east, decMasPerYear: sigma * north)
  }
}

extension KindDensities {
  fileprivate subscript(kind: ObjectKind) -> Double {
    switch kind {
    case .both: both
    case .onlyA: onlyA
    case .onlyB: onlyB
    }
  }
}
