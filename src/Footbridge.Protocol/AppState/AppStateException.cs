namespace Footbridge.Protocol.AppState;

/// <summary>A record or a patch is sealed with a key that is not there (yet): the phone can be asked for it.</summary>
public sealed class MissingAppStateKeyException(byte[] keyId) : ProtocolException("the app state is sealed with a key this device does not have")
{
    public byte[] KeyId { get; } = keyId;
}

/// <summary>A MAC of the app state does not fit: what was received is damaged, or what is stored has gone astray.</summary>
public sealed class AppStateMismatchException(string what) : ProtocolException($"the app state's {what} does not fit");
