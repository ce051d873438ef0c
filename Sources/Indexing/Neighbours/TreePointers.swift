/// A tree's arrays as bare pointers, for as long as `withPointers` runs: the inner loops of every match go through these.
struct TreePointers {
  let x: UnsafePointer<SIMD8<Double>>
  let y: UnsafePointer<SIMD8<Double>>
  let z: UnsafePointer<SIMD8<Double>>
  let reach2: UnsafePointer<SIMD8<Double>>
  private let quads: UnsafePointer<BoxQuad>
  private let levelStart: UnsafePointer<Int>
  /// The level that is one quad.
  let topLevel: Int

  /// The quad of a level: the children of the node of the same index one level up.
  @inline(__always)
  func quad(_ level: Int, _ index: Int) -> UnsafePointer<BoxQuad> { quads + (levelStart[level] + index) }

  /// One coordinate of one source.
  @inline(__always)
  func scalar(_ values: UnsafePointer<SIMD8<Double>>, _ source: Int) -> Double {
    UnsafeRawPointer(values).load(fromByteOffset: source * MemoryLayout<Double>.stride, as: Double.self)
  }
}

extension BoundingBoxTree {
  /// Runs `body` with the arrays as pointers, unless the tree is empty.
  func withPointers(_ body: (TreePointers) throws -> Void) rethrows {
    try x.withUnsafeBufferPointer { x in
      try y.withUnsafeBufferPointer { y in
        try z.withUnsafeBufferPointer { z in
          try reach2.withUnsafeBufferPointer { reach2 in
            try quads.withUnsafeBufferPointer { quads in
              try levelStart.withUnsafeBufferPointer { start in
                if let pointers = TreePointers(x, y, z, reach2, quads, start) { try body(pointers) }
              }
            }
          }
        }
      }
    }
  }
}

extension TreePointers {
  typealias Lanes = UnsafeBufferPointer<SIMD8<Double>>

  fileprivate init?(
    _ x: Lanes, _ y: Lanes, _ z: Lanes, _ reach2: Lanes, _ quads: UnsafeBufferPointer<BoxQuad>,
    _ levelStart: UnsafeBufferPointer<Int>
  ) {
    guard let xBase = x.baseAddress, let yBase = y.baseAddress, let zBase = z.baseAddress,
      let reachBase = reach2.baseAddress, let quadBase = quads.baseAddress, let levelBase = levelStart.baseAddress,
      !quads.isEmpty
    else { return nil }
    (self.x, self.y, self.z, self.reach2) = (xBase, yBase, zBase, reachBase)
    (self.quads, self.levelStart, topLevel) = (quadBase, levelBase, levelStart.count - 1)
  }
}
