"""The same chart as Streamlit shows it; run by Streamlit in its own environment: `streamlit run streamlit_page.py -- FIGURE`"""

import json
import sys
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
