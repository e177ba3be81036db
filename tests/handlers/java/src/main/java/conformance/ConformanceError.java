package conformance;

/** Shows as errorType: the client sends the name of the exception's class. */
public class ConformanceError extends RuntimeException {
  public ConformanceError(String message) {
    super(message);
  }
}
