served = 0


class EmptyEvent(Exception):
    pass


def handler(event, context):
    """Answers with the event itself and what the function was told about the invocation. The event `null` is refused,
    to show what an error looks like."""
    global served
    served += 1
    if event is None:
        raise EmptyEvent("there is nothing to echo")
    print("event of type", type(event).__name__)
    return {"function": context.invoked_function_arn, "served": served, "event": event}
