"""Leo, a servant-leadership coach that lives in Telegram."""
