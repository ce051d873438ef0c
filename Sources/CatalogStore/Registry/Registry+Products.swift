public import Indexing

/// What a stage of a run gave for one piece of the sky.
public struct RunProduct: Sendable, Equatable {
  /// The name of the stage.
  public var name: String
  /// Position of the piece among those of the stage.
  public var position: Int
  public var pixel: HealpixPixel
  /// A digest of all that the payload follows from; empty where there is none.
  public var inputs: String
  /// In the stage's own form.
  public var payload: [UInt8]

  public init(name: String, position: Int, pixel: HealpixPixel, inputs: String, payload: [UInt8]) {
    self.name = name
    self.position = position
    self.pixel = pixel
    self.inputs = inputs
    self.payload = payload
  }
}

extension Registry {
  /// Records products of a run in one transaction; one that is there already gives way.
  public func record(_ products: [RunProduct], of id: Int64) throws {
    if products.isEmpty { return }
    try connection.transaction {
      let positions = Set(products.map { Int64($0.position) }).sorted().map { [$0] }
      try seals.changing("run_product", of: .run, id, where: "position = ?2", keys: positions) {
        for product in products {
          try run("INSERT OR REPLACE INTO run_product VALUES (?, ?, ?, ?, ?, ?, ?)") {
            $0.bind(1, id)
            $0.bind(2, product.name)
            $0.bind(3, product.position)
            $0.bind(4, product.pixel.order)
            $0.bind(5, product.pixel.index)
            $0.bind(6, product.inputs)
            $0.bindBlob(7, copying: product.payload)
          }
        }
      }
    }
  }

  /// The products of one stage of a run, by position.
  /// - Throws: `StoreError.damaged` for rows that have changed.
  public func products(of id: Int64, named name: String) throws -> [RunProduct] {
    try sound(.run, id, ["run_product"]) {
      let row = try connection.prepare(
        """
        SELECT position, "order", pixel, inputs, payload FROM run_product WHERE run = ? AND product = ? ORDER BY position
        """)
      row.bind(1, id)
      row.bind(2, name)
      var products: [RunProduct] = []
      while try row.step() {
        products.append(
          RunProduct(
            name: name, position: row.int(0), pixel: try pixel(order: row.int(1), index: row.int64(2)),
            inputs: row.text(3), payload: row.withBytes(4) { Array($0) }))
      }
      return products
    }
  }
}
