using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Details;

/// <summary>The sender came from an ad, or from a link that says so.</summary>
/// <param name="SourceUrl">Where the ad is.</param>
/// <param name="SourceId">The ad's own id.</param>
/// <param name="SourceType">Such as <c>ad</c> or <c>post</c>.</param>
/// <param name="SourceApp">Such as <c>instagram</c>.</param>
/// <param name="Thumbnail">A small JPEG.</param>
/// <param name="ClickId">Meta's id of the click (<c>ctwa_clid</c>), by which a sale is reported back to the ad.</param>
/// <param name="Reference">What the link carried along.</param>
/// <param name="EntryPoint">Through what the chat was opened, such as <c>ctwa_ad</c>.</param>
public sealed record AdDetail(
    string? Title, string? Body, string? SourceUrl, string? SourceId, string? SourceType, string? SourceApp, string? ThumbnailUrl, string? OriginalImageUrl, string? MediaUrl, byte[]? Thumbnail,
    string? ClickId, string? Reference, string? EntryPoint) : MessageDetail
{
    /// <summary>What the business greets those with who come from this ad, when the phone showed it.</summary>
    public string? Greeting { get; init; }

    internal static AdDetail? Of(Message content)
    {
        if (ContextInfos.Find(content) is not { ExternalAdReply: { } ad } context || ad.CalculateSize() == 0) return null;
        return new(
            Texts.Filled(ad.Title), Texts.Filled(ad.Body), Texts.Filled(ad.SourceUrl), Texts.Filled(ad.SourceId), Texts.Filled(ad.SourceType), Texts.Filled(ad.SourceApp),
            Texts.Filled(ad.ThumbnailUrl), Texts.Filled(ad.OriginalImageUrl), Texts.Filled(ad.MediaUrl), Texts.Filled(ad.Thumbnail), Texts.Filled(ad.CtwaClid), Texts.Filled(ad.Ref),
            Texts.Filled(context.EntryPointConversionSource) ?? Texts.Filled(context.ConversionSource))
        {
            Greeting = Texts.Filled(ad.GreetingMessageBody),
        };
    }
}
