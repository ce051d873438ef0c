internal import CatalogStore
internal import Indexing

extension HatsProperties {
  /// What every catalogue has.
  /// - Parameters:
  ///   - type: `object`, `association` or `margin`.
  ///   - bytes: Of its partitions.
  init(of name: String, _ type: String, _ partitions: [HatsPartition], _ bytes: Int64) {
    self.init()
    add("obs_collection", name)
    add("dataproduct_type", type)
    add("hats_nrows", "\(partitions.reduce(0) { $0 + $1.rows })")
    add("hats_col_healpix", TableLayout.healpixName)
    add("hats_col_healpix_order", "29")
    add("hats_npix_suffix", ".parquet")
    add("hats_order", "\(partitions.map(\.pixel.order).max() ?? 0)")
    add("hats_max_rows", "\(partitions.map(\.rows).max() ?? 0)")
    add("hats_estsize", "\((bytes + 1023) / 1024)")
    let area = partitions.reduce(0) { $0 + HealpixPixel.area(order: $1.pixel.order) }
    add("moc_sky_fraction", "\(area / (12 * HealpixPixel.area(order: 0)))")
  }

  /// Who made it, when, and of what.
  mutating func addProvenance(_ description: String, _ run: RunInfo, _ a: CatalogueInfo, _ b: CatalogueInfo) {
    add("hats_builder", "xmdb \(Program.version)")
    add("hats_creation_date", Program.now())
    add("hats_version", "v1.0")
    add("obs_description", description)
    add("prov_progenitor", "\(a.name) \(a.inputsFingerprint), \(b.name) \(b.inputsFingerprint)")
    add("xmdb_run_fingerprint", run.fingerprint)
  }
}
