"""Reviews: people look at what was not read for sure, and say what it says."""

from __future__ import annotations

from server.accounts.visitor import Visitor
from server.contract import CorrectEntry, EntryAnswer, ReviewsAnswer, TakeReviews, UndoReview
from server.history.review_store import ReviewStore
from server.runtime.off_loop import Pools
from server.services.learning import LearningService
from server.services.publisher import Publisher
from server.services.review_rereading import ReviewRereading


class ReviewService:
    """Hands out entries to review; what is said of them is a correction like any other.

    Raises what the history raises.
    """

    def __init__(
        self,
        store: ReviewStore,
        learning: LearningService,
        rereading: ReviewRereading,
        pools: Pools,
        publisher: Publisher,
    ) -> None:
        self._store = store
        self._learning = learning
        self._rereading = rereading
        self._pools = pools
        self._publisher = publisher

    def take(self, request: TakeReviews, visitor: Visitor) -> ReviewsAnswer:
        """Give a page the next entries, which no other page gets."""
        if request.limit:
            self._rereading.ask(visitor.viewer)
        return self._pools.writes(self._store.take, visitor.viewer, request)

    def undo(self, request: UndoReview, visitor: Visitor) -> EntryAnswer:
        """Take back what the visitor said last of an entry; learn from what was said before."""
        viewer, reviewer = visitor.viewer, visitor.reviewer
        entry = self._pools.writes(self._store.undo, viewer, request, reviewer)
        self._publisher.tell_changes()
        if entry.corrected is not None:
            self._learning.learn_soon(CorrectEntry(entry.id, entry.corrected), viewer)
        return EntryAnswer(entry=entry)
