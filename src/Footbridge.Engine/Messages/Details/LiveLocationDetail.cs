using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Details;

/// <summary>A place that moves. What follows the first message of it updates that one.</summary>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="SpeedMetersPerSecond">Null when not told.</param>
/// <param name="HeadingDegrees">Clockwise from magnetic north.</param>
/// <param name="Sequence">Rises with each update.</param>
/// <param name="Age">How old the position was when it was sent.</param>
public sealed record LiveLocationDetail(
    double Latitude, double Longitude, uint? AccuracyMeters, float? SpeedMetersPerSecond, uint? HeadingDegrees, string? Caption, long? Sequence, TimeSpan? Age) : MessageDetail
{
    internal static LiveLocationDetail? Of(Message content)
    {
        if (content.LiveLocationMessage is not { } place) return null;
        return new(
            place.DegreesLatitude, place.DegreesLongitude, place.HasAccuracyInMeters ? place.AccuracyInMeters : null, place.HasSpeedInMps ? place.SpeedInMps : null,
            place.HasDegreesClockwiseFromMagneticNorth ? place.DegreesClockwiseFromMagneticNorth : null, Texts.Filled(place.Caption), place.HasSequenceNumber ? place.SequenceNumber : null,
            place.HasTimeOffset ? TimeSpan.FromSeconds(place.TimeOffset) : null);
    }
}
