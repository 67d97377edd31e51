using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>Locations. Source: docs/protocol/message-kinds.md.</summary>
public static class PlaceContents
{
    /// <param name="latitude">Degrees, -90 to 90.</param>
    /// <param name="longitude">Degrees, -180 to 180.</param>
    public static Message Location(double latitude, double longitude, string? name, string? address = null, string? url = null, MessageContext? context = null)
    {
        Check(latitude, longitude);
        var location = new Message.Types.LocationMessage { DegreesLatitude = latitude, DegreesLongitude = longitude, ContextInfo = context?.Build() };
        if (!string.IsNullOrEmpty(name)) location.Name = name;
        if (!string.IsNullOrEmpty(address)) location.Address = address;
        if (!string.IsNullOrEmpty(url)) location.Url = url;
        return new() { LocationMessage = location };
    }

    private static void Check(double latitude, double longitude)
    {
        if (latitude is not (>= -90 and <= 90)) throw new ArgumentOutOfRangeException(nameof(latitude), latitude, "not a latitude in degrees");
        if (longitude is not (>= -180 and <= 180)) throw new ArgumentOutOfRangeException(nameof(longitude), longitude, "not a longitude in degrees");
    }
}
