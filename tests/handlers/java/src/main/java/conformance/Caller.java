package conformance;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/** Invokes a function through the SDK as a function's code would: what it needs to know is in the variables. */
final class Caller {
  private Caller() {}

  static Map<String, Object> call(Map<String, Object> event) {
    PojoSerializer<Object> json = JacksonFactory.getInstance().getSerializer(Object.class);
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    json.toJson(event.get("event"), payload);
    Map<String, Object> result = new LinkedHashMap<>();
    try (LambdaClient client = LambdaClient.create()) {
      InvokeResponse answer = client.invoke(request ->
          request.functionName((String) event.get("function")).payload(SdkBytes.fromByteArray(payload.toByteArray())));
      result.put("status", answer.statusCode());
      result.put("function_error", answer.functionError() == null ? "none" : answer.functionError());
      result.put("payload", json.fromJson(answer.payload().asUtf8String()));
    } catch (LambdaException error) {
      result.put("exception", error.awsErrorDetails().errorCode());
    }
    return result;
  }
}
