/// A function as one connection knows it: retained by SQLite until the function is replaced or the connection closes.
class FunctionBox {
  final let name: String
  final let parameters: [Parameter]
  final let context: XMDBContext

  init(name: String, parameters: [Parameter], context: XMDBContext) {
    self.name = name
    self.parameters = parameters
    self.context = context
  }
}
