from server.runtime.concurrency import Lane, MakeCall, choose_off_loop

__all__ = ["Lane", "MakeCall", "choose_off_loop"]
