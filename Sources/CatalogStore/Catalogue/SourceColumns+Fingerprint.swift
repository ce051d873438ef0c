extension Fingerprint.Hasher {
  /// Adds all that is known of sources, except their rowids: those tell where they are in their catalogue, not what they are.
  public mutating func update(_ sources: SourceColumns) {
    update(sources.layout.text)
    update(sources.healpix29)
    for column in sources.columns { update(column) }
    switch sources.ids {
    case .none: update("no ids")
    case .integer(let values, let nulls):
      update(values)
      update(nulls)
    case .text(let texts): texts.update(&self)
    }
  }

  /// Adds an array with its length.
  public mutating func update<Element: BitwiseCopyable>(_ values: [Element]) {
    withUnsafeBytes(of: values.count) { update($0) }
    values.withUnsafeBytes { update($0) }
  }

  /// Adds a text with its length.
  public mutating func update(_ text: String) { update(Array(text.utf8)) }
}
